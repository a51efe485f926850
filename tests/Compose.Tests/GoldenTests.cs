using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Orchestrator.Compose.Answers;
using Orchestrator.Compose.Questions;
using Orchestrator.Contracts;
using Orchestrator.Contracts.Stacks;
using Orchestrator.Contracts.Values;

namespace Orchestrator.Compose.Tests;

/// <summary>
/// Folders of compose files, each with what comes of it in <c>expected.json</c>. <c>ORCHESTRATOR_RENEW=1</c> writes that anew: look at the
/// difference.
/// </summary>
public sealed class GoldenTests
{
    private static readonly string Folder = Path.Combine(Path.GetDirectoryName(ThisFile())!, "Goldens");

    private static readonly JsonSerializerOptions Readable = new(ContractsJson.Options) { WriteIndented = true };

    public static TheoryData<string> Folders => [.. Directory.EnumerateDirectories(Folder).Select(it => Path.GetFileName(it)!).Order()];

    [Theory, MemberData(nameof(Folders))]
    public void What_comes_of_a_folder_is_what_is_kept_of_it(string name)
    {
        var kept = Path.Combine(Folder, name, "expected.json");
        var found = Written(Translate(name));
        if (Environment.GetEnvironmentVariable("ORCHESTRATOR_RENEW") == "1") File.WriteAllText(kept, found);
        Assert.True(File.Exists(kept) && File.ReadAllText(kept) == found,
            $"{kept} is not what comes of its folder, which is:\n{found}\nORCHESTRATOR_RENEW=1 writes it anew");
    }

    [Theory, MemberData(nameof(Folders))]
    public void A_stack_that_is_written_briefly_is_the_same_stack(string name)
    {
        if (Translate(name).Stack is not { } stack) return;
        Assert.Equal(stack, BriefStack.Of(stack).Deserialize<StackSpec>(ContractsJson.Strict));
    }

    internal static string Repository { get; } = Path.GetFullPath(Path.Combine(Folder, "..", "..", ".."));

    internal static string FolderOf(string name) => Path.Combine(Folder, name);

    /// <param name="file">One of its files that has another text.</param>
    internal static Composed Translate(string name, string? file = null, string text = "")
    {
        var folder = FolderOf(name);
        var asked = Path.Combine(folder, "request.json");
        var it = File.Exists(asked) ? JsonNode.Parse(File.ReadAllText(asked))!.AsObject() : [];
        return ComposeFiles.Translate(new()
        {
            Files = Texts(it["files"]), Name = it["name"]?.GetValue<string>(), Profiles = Texts(it["profiles"]),
            EnvFiles = Texts(it["envFiles"]), Strict = it["strict"]?.GetValue<bool>() ?? false, Folder = $"/home/ada/{name}",
        }, new Disk(folder, it["variables"]?.AsObject() ?? [], file, text));
    }

    private static ValueList<string> Texts(JsonNode? node) =>
        (node?.AsArray() ?? []).Select(it => it!.GetValue<string>()).ToValueList();

    private static string Written(Composed composed) => JsonSerializer.Serialize(new
    {
        composed.Name,
        Stack = composed.Stack is { } stack ? BriefStack.Of(stack) : null,
        Content = composed.Content.Count > 0 ? composed.Content : null,
        Remarks = Lines(composed.Remarks.Select(it => $"{it.Kind}: {it.Field}: {it.Happens} [{string.Join(", ", it.Places)}]")),
        Problems = Lines(composed.Problems.Select(it => $"{it}")),
    }, Readable) + "\n";

    private static string[]? Lines(IEnumerable<string> lines) => lines.ToArray() is { Length: > 0 } some ? some : null;

    private static string ThisFile([CallerFilePath] string path = "") => path;

    private sealed class Disk(string folder, JsonObject variables, string? other, string text) : ISurroundings
    {
        public byte[]? Read(string path) => path == other ? Encoding.UTF8.GetBytes(text) :
            File.Exists(Path.Combine(folder, path)) ? File.ReadAllBytes(Path.Combine(folder, path)) : null;

        public string? Variable(string name) => variables[name]?.GetValue<string>();
    }
}
