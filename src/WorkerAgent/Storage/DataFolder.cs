namespace Orchestrator.WorkerAgent.Storage;

/// <summary>The folder of one worker, held by one process at a time: two agents of one name would fence each other off.</summary>
internal sealed class DataFolder : IStorage, IDisposable
{
    private readonly FileStream held;

    public DataFolder(string path)
    {
        Path = Directory.CreateDirectory(path).FullName;
        try
        {
            held = new FileStream(In("lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException e)
        {
            throw new IOException($"The folder {Path} is in use: another agent of this worker's name runs already.", e);
        }
    }

    public string Path { get; }

    public string In(string file) => System.IO.Path.Combine(Path, file);

    public byte[]? Read(string name) => DurableFile.Read(In(name));

    public void Write(string name, byte[] content) => DurableFile.Write(In(name), content);

    public void Dispose() => held.Dispose();
}
