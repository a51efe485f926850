namespace LocalDapr.Components;

/// <summary>One document of a resource file, still unread.</summary>
internal sealed record Document(string File, Yaml Yaml)
{
    public string? Kind => Yaml["kind"].Text;

    public static IEnumerable<Document> In(string file, string text) => Yaml.Documents(file, text).Select(yaml => new Document(file, yaml));
}
