namespace Orchestrator.WorkerAgent.Storage;

/// <summary>The folder of one worker, held by one process at a time: two agents of one name would fence each other off.</summary>
internal sealed class DataFolder : IStorage, IDisposable
{
    private readonly FileStream held;
    private readonly SharedFolder files;

    public DataFolder(string path)
    {
        Path = Directory.CreateDirectory(path).FullName;
        files = new(Path);
        held = files.TryHold("lock")
            ?? throw new IOException($"The folder {Path} is in use: another agent of this worker's name runs already.");
    }

    public string Path { get; }

    public string In(string file) => System.IO.Path.Combine(Path, file);

    public byte[]? Read(string name) => files.Read(name);

    public void Write(string name, byte[] content) => InFolder(() => files.Write(name, content));

    public void Overwrite(string name, byte[] content) => InFolder(() => files.Overwrite(name, content));

    public void Dispose() => held.Dispose();

    /// <summary>All that is kept here is known to whoever keeps it, so a folder that was deleted is made again.</summary>
    private void InFolder(Action write)
    {
        try
        {
            write();
        }
        catch (DirectoryNotFoundException)
        {
            Directory.CreateDirectory(Path);
            write();
        }
    }
}
