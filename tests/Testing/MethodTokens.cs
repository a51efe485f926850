using System.Collections.Frozen;
using System.Reflection;
using System.Reflection.Emit;
using System.Reflection.Metadata;
using System.Reflection.Metadata.Ecma335;

namespace Orchestrator.Testing;

/// <summary>The types, methods and fields that the instructions of a method name.</summary>
internal static class MethodTokens
{
    private const byte TwoBytes = 0xfe;

    private static readonly FrozenDictionary<ushort, OperandType> Operands = typeof(OpCodes)
        .GetFields(BindingFlags.Public | BindingFlags.Static)
        .Select(field => (OpCode)field.GetValue(null)!)
        .ToFrozenDictionary(code => (ushort)code.Value, code => code.OperandType);

    public static IReadOnlyList<EntityHandle> In(BlobReader code)
    {
        var tokens = new List<EntityHandle>();
        while (code.RemainingBytes > 0)
        {
            byte first = code.ReadByte();
            var operand = Operands[first == TwoBytes ? (ushort)((TwoBytes << 8) | code.ReadByte()) : first];
            if (IsToken(operand)) tokens.Add(MetadataTokens.EntityHandle(code.ReadInt32()));
            else code.Offset += Size(operand, code);
        }

        return tokens;
    }

    private static bool IsToken(OperandType operand) => operand is OperandType.InlineField or OperandType.InlineMethod
        or OperandType.InlineSig or OperandType.InlineTok or OperandType.InlineType;

    private static int Size(OperandType operand, BlobReader code) => operand switch
    {
        OperandType.InlineNone => 0,
        OperandType.ShortInlineBrTarget or OperandType.ShortInlineI or OperandType.ShortInlineVar => 1,
        OperandType.InlineVar => 2,
        OperandType.InlineI8 or OperandType.InlineR => 8,
        OperandType.InlineSwitch => 4 + (4 * code.ReadInt32()), // The reader is a copy: it looks ahead.
        _ => 4,
    };
}
