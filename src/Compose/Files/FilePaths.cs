namespace Orchestrator.Compose.Files;

/// <summary>Paths as text, with slashes; nobody looks at a disk.</summary>
internal static class FilePaths
{
    public static bool IsAbsolute(string path) => path.StartsWith('/');

    /// <summary>The folder of a file; empty for one that is where relative paths begin.</summary>
    public static string FolderOf(string file) => file.LastIndexOf('/') switch
    {
        < 0 => "",
        0 => "/",
        var slash => file[..slash],
    };

    /// <summary>A path seen from a folder, without <c>.</c>, and without <c>..</c> where that is possible.</summary>
    public static string Join(string folder, string path)
    {
        var whole = IsAbsolute(path) || folder.Length == 0 ? path : $"{folder}/{path}";
        List<string> parts = [];
        foreach (var part in whole.Split('/', StringSplitOptions.RemoveEmptyEntries))
        {
            if (part == ".") continue;
            if (part == ".." && parts.Count > 0 && parts[^1] != "..") parts.RemoveAt(parts.Count - 1);
            else if (part != ".." || !IsAbsolute(whole)) parts.Add(part);
        }

        return (IsAbsolute(whole) ? "/" : "") + string.Join('/', parts);
    }
}
