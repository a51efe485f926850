namespace Orchestrator.WorkerAgent.Storage;

/// <summary>The folder of one worker, which its agent and its guard share.</summary>
internal sealed class SharedFolder(string path) : IStorage
{
    public string Path => path;

    public bool Exists => Directory.Exists(path);

    public string In(string file) => System.IO.Path.Combine(path, file);

    public byte[]? Read(string name) => DurableFile.Read(In(name));

    public void Write(string name, byte[] content) => DurableFile.Write(In(name), content);

    public void Overwrite(string name, byte[] content) => DurableFile.Overwrite(In(name), content);

    /// <summary>A file that one process holds at a time, until it ends however it does; none while another holds it.</summary>
    public FileStream? TryHold(string name)
    {
        try
        {
            return new FileStream(In(name), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException) when (File.Exists(In(name)))
        {
            return null;
        }
    }
}
