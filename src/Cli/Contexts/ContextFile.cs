using System.Text.Json;
using Orchestrator.Contracts;

namespace Orchestrator.Cli.Contexts;

/// <summary>A cluster by a name of one's own.</summary>
/// <param name="Server">One address or several with commas between them.</param>
internal sealed record Context(string Server, string? Token = null);

/// <summary>All contexts of a person.</summary>
/// <param name="Current">The one that is used where nothing else is said.</param>
internal sealed record Contexts(string? Current, SortedDictionary<string, Context> All)
{
    public static Contexts None => new(null, new(StringComparer.Ordinal));
}

/// <summary>Where they are kept; tokens are in it, so nobody else may read it.</summary>
internal sealed class ContextFile(string path)
{
    private static readonly JsonSerializerOptions Json = new(ContractsJson.Options) { WriteIndented = true };

    public string Path => path;

    /// <summary>As <c>ORCHESTRATOR_CONFIG</c> says, or where configuration is kept on this system.</summary>
    public static ContextFile Usual(Func<string, string?> variable)
    {
        var folder = variable("ORCHESTRATOR_CONFIG") ?? System.IO.Path.Combine(
            variable("XDG_CONFIG_HOME") ?? Environment.GetFolderPath(
                Environment.SpecialFolder.ApplicationData, Environment.SpecialFolderOption.DoNotVerify),
            "orchestrator");
        return new(System.IO.Path.Combine(folder, "contexts.json"));
    }

    public Contexts Read()
    {
        try
        {
            return JsonSerializer.Deserialize<Contexts>(File.ReadAllText(path), Json) is { All: not null } all ? all : Contexts.None;
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return Contexts.None;
        }
        catch (JsonException e)
        {
            throw new CliException(ExitCodes.Failed, $"{path} cannot be read: {e.Message}",
                "mend it, or remove it and add the contexts anew");
        }
    }

    /// <summary>As a whole or not at all.</summary>
    public void Write(Contexts contexts)
    {
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(path)!);
        var fresh = $"{path}.new";
        File.Delete(fresh);
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        using (var stream = new FileStream(fresh, options)) JsonSerializer.Serialize(stream, contexts, Json);
        File.Move(fresh, path, overwrite: true);
    }
}
