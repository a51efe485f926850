namespace Orchestrator.ControlPlane.Tests.Door;

/// <summary>A file of tokens that its owner alone can read.</summary>
internal sealed class TokenFile : IDisposable
{
    public TokenFile(params string[] lines)
    {
        File.WriteAllLines(Path, lines);
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(Path, UnixFileMode.UserRead | UnixFileMode.UserWrite);
    }

    public string Path { get; } = System.IO.Path.GetTempFileName();

    public void Dispose() => File.Delete(Path);
}
