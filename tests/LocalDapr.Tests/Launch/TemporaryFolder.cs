using Orchestrator.Testing;

namespace Orchestrator.LocalDapr_Tests.Launch;

/// <summary>A folder with a blank in its name, because people have those; gone after the test.</summary>
internal sealed class TemporaryFolder : IDisposable
{
    public TemporaryFolder() => Directory.CreateDirectory(FullPath);

    public string FullPath { get; } = System.IO.Path.Combine(System.IO.Path.GetTempPath(), $"local dapr {Guid.NewGuid():N}");

    public string Path(string name) => System.IO.Path.Combine(FullPath, name);

    public string Write(string name, string text)
    {
        var path = Path(name);
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text);
        return path;
    }

    public void Dispose() => Folders.Remove(FullPath);
}
