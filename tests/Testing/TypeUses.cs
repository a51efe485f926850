using System.Collections.Immutable;
using System.Reflection;
using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;

namespace Orchestrator.Testing;

/// <summary>A type as it stands in the source; what is nested in it, also what the compiler made of lambdas and async methods, is part of it.</summary>
internal sealed record TypeName(string Namespace, string Name);

/// <summary>Reads which types of one assembly need which others of it.</summary>
internal sealed class TypeUses : ISignatureTypeProvider<bool, object?>
{
    private readonly MetadataReader metadata;
    private readonly PEReader file;
    private readonly HashSet<TypeDefinitionHandle> used = [];

    private TypeUses(PEReader file) => (this.file, metadata) = (file, file.GetMetadataReader());

    public static IReadOnlyList<(TypeName User, TypeName Used)> Of(Assembly assembly)
    {
        using var file = new PEReader(File.OpenRead(assembly.Location));
        var reader = new TypeUses(file);
        return [.. reader.metadata.TypeDefinitions.SelectMany(reader.UsesOf).Where(use => use.User != use.Used).Distinct()];
    }

    private IEnumerable<(TypeName User, TypeName Used)> UsesOf(TypeDefinitionHandle handle)
    {
        used.Clear();
        var type = metadata.GetTypeDefinition(handle);
        Take(type.BaseType);
        foreach (var it in type.GetInterfaceImplementations()) Take(metadata.GetInterfaceImplementation(it).Interface);
        foreach (var it in type.GetFields()) metadata.GetFieldDefinition(it).DecodeSignature(this, null);
        foreach (var it in type.GetMethods()) TakeMethod(metadata.GetMethodDefinition(it));
        foreach (var it in type.GetEvents()) Take(metadata.GetEventDefinition(it).Type);
        TakeConstraints(type.GetGenericParameters());
        TakeAttributes(type.GetCustomAttributes());
        foreach (var it in type.GetFields()) TakeAttributes(metadata.GetFieldDefinition(it).GetCustomAttributes());
        foreach (var it in type.GetProperties()) TakeAttributes(metadata.GetPropertyDefinition(it).GetCustomAttributes());
        var user = NameOf(handle);
        return [.. used.Select(it => (user, NameOf(it)))];
    }

    private void TakeMethod(MethodDefinition method)
    {
        method.DecodeSignature(this, null);
        TakeConstraints(method.GetGenericParameters());
        TakeAttributes(method.GetCustomAttributes());
        foreach (var it in method.GetParameters()) TakeAttributes(metadata.GetParameter(it).GetCustomAttributes());
        if (method.RelativeVirtualAddress == 0) return;
        var body = file.GetMethodBody(method.RelativeVirtualAddress);
        Take(body.LocalSignature);
        foreach (var region in body.ExceptionRegions) Take(region.CatchType);
        foreach (var token in MethodTokens.In(body.GetILReader())) Take(token);
    }

    private void TakeConstraints(GenericParameterHandleCollection parameters)
    {
        foreach (var it in parameters.SelectMany(p => metadata.GetGenericParameter(p).GetConstraints()))
            Take(metadata.GetGenericParameterConstraint(it).Type);
    }

    private void TakeAttributes(CustomAttributeHandleCollection attributes)
    {
        foreach (var it in attributes) Take(metadata.GetCustomAttribute(it).Constructor);
    }

    private void Take(EntityHandle it)
    {
        if (it.IsNil) return;
        switch (it.Kind)
        {
            case HandleKind.TypeDefinition:
                used.Add((TypeDefinitionHandle)it);
                break;
            case HandleKind.TypeSpecification:
                metadata.GetTypeSpecification((TypeSpecificationHandle)it).DecodeSignature(this, null);
                break;
            case HandleKind.MethodDefinition:
                var method = metadata.GetMethodDefinition((MethodDefinitionHandle)it);
                used.Add(method.GetDeclaringType());
                TakeEnums(() => method.DecodeSignature(this, null));
                break;
            case HandleKind.FieldDefinition:
                var field = metadata.GetFieldDefinition((FieldDefinitionHandle)it);
                used.Add(field.GetDeclaringType());
                TakeEnums(() => field.DecodeSignature(this, null));
                break;
            case HandleKind.MemberReference:
                TakeMember(metadata.GetMemberReference((MemberReferenceHandle)it));
                break;
            case HandleKind.MethodSpecification:
                var generic = metadata.GetMethodSpecification((MethodSpecificationHandle)it);
                Take(generic.Method);
                generic.DecodeSignature(this, null);
                break;
            case HandleKind.StandaloneSignature:
                var signature = metadata.GetStandaloneSignature((StandaloneSignatureHandle)it);
                if (signature.GetKind() == StandaloneSignatureKind.LocalVariables) signature.DecodeLocalSignature(this, null);
                else signature.DecodeMethodSignature(this, null);
                break;
        }
    }

    private void TakeMember(MemberReference member)
    {
        Take(member.Parent);
        if (member.GetKind() == MemberReferenceKind.Field) TakeEnums(() => member.DecodeFieldSignature(this, null));
        else TakeEnums(() => member.DecodeMethodSignature(this, null));
    }

    /// <summary>
    /// A value of an enum is a bare number in a method body; that its type is used shows only in what takes or gives it. Other types in the
    /// signature of what is called are not counted: who passes a thing on from one to the other need not know it.
    /// </summary>
    private void TakeEnums(Action decode)
    {
        var before = used.ToHashSet();
        decode();
        used.RemoveWhere(it => !before.Contains(it) && !IsEnum(it));
    }

    private bool IsEnum(TypeDefinitionHandle it)
    {
        var parent = metadata.GetTypeDefinition(it).BaseType;
        return parent.Kind == HandleKind.TypeReference
            && metadata.GetString(metadata.GetTypeReference((TypeReferenceHandle)parent).Name) == nameof(Enum);
    }

    private TypeName NameOf(TypeDefinitionHandle handle)
    {
        var type = metadata.GetTypeDefinition(handle);
        while (!type.GetDeclaringType().IsNil) type = metadata.GetTypeDefinition(type.GetDeclaringType());
        return new(metadata.GetString(type.Namespace), metadata.GetString(type.Name));
    }

    bool ISimpleTypeProvider<bool>.GetTypeFromDefinition(MetadataReader reader, TypeDefinitionHandle handle, byte rawTypeKind) => used.Add(handle);

    bool ISignatureTypeProvider<bool, object?>.GetTypeFromSpecification(
        MetadataReader reader, object? context, TypeSpecificationHandle handle, byte rawTypeKind) =>
        reader.GetTypeSpecification(handle).DecodeSignature(this, context);

    bool ISimpleTypeProvider<bool>.GetTypeFromReference(MetadataReader reader, TypeReferenceHandle handle, byte rawTypeKind) => false;

    bool ISimpleTypeProvider<bool>.GetPrimitiveType(PrimitiveTypeCode typeCode) => false;

    bool IConstructedTypeProvider<bool>.GetArrayType(bool elementType, ArrayShape shape) => false;

    bool IConstructedTypeProvider<bool>.GetByReferenceType(bool elementType) => false;

    bool IConstructedTypeProvider<bool>.GetGenericInstantiation(bool genericType, ImmutableArray<bool> typeArguments) => false;

    bool IConstructedTypeProvider<bool>.GetPointerType(bool elementType) => false;

    bool ISZArrayTypeProvider<bool>.GetSZArrayType(bool elementType) => false;

    bool ISignatureTypeProvider<bool, object?>.GetFunctionPointerType(MethodSignature<bool> signature) => false;

    bool ISignatureTypeProvider<bool, object?>.GetGenericMethodParameter(object? context, int index) => false;

    bool ISignatureTypeProvider<bool, object?>.GetGenericTypeParameter(object? context, int index) => false;

    bool ISignatureTypeProvider<bool, object?>.GetModifiedType(bool modifier, bool unmodifiedType, bool isRequired) => false;

    bool ISignatureTypeProvider<bool, object?>.GetPinnedType(bool elementType) => false;
}
