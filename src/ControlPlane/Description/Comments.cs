using System.Reflection;
using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace Orchestrator.ControlPlane.Description;

/// <summary>What is written beside types and their properties in the code, as plain text; empty where nothing is.</summary>
internal sealed partial class Comments
{
    private readonly Dictionary<string, XElement> members;

    /// <summary>Those that the compiler has put beside the assembly.</summary>
    public Comments(Assembly assembly)
    {
        var file = Path.ChangeExtension(assembly.Location, ".xml");
        members = File.Exists(file)
            ? XDocument.Load(file).Descendants("member").ToDictionary(it => it.Attribute("name")!.Value, StringComparer.Ordinal) : [];
    }

    public string? Of(Type type) => Text(members.GetValueOrDefault($"T:{type.FullName}")?.Element("summary"));

    /// <summary>A property of a record may be described as a parameter of it.</summary>
    public string? Of(PropertyInfo property)
    {
        var type = property.DeclaringType!.FullName;
        return Text(members.GetValueOrDefault($"P:{type}.{property.Name}")?.Element("summary")
            ?? members.GetValueOrDefault($"T:{type}")?.Elements("param")
                .FirstOrDefault(it => it.Attribute("name")!.Value == property.Name));
    }

    private static string? Text(XElement? comment) => comment is null ? null
        : Gaps().Replace(string.Concat(comment.Nodes().Select(Word)), " ").Trim();

    private static string Word(XNode node) => node switch
    {
        XText text => text.Value,
        XElement { Name.LocalName: "see" } see => JsonName(see.Attribute("cref")!.Value.Split('.')[^1]),
        XElement element => $"`{element.Value}`",
        _ => "",
    };

    private static string JsonName(string name) => System.Text.Json.JsonNamingPolicy.CamelCase.ConvertName(name);

    [GeneratedRegex(@"\s+")]
    private static partial Regex Gaps();
}
