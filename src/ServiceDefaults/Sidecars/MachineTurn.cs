namespace Orchestrator.ServiceDefaults.Sidecars;

/// <summary>One process of a machine at a time: a file that is held as long as its holder lives, however that ends.</summary>
public sealed class MachineTurn(string path)
{
    /// <summary>Where all applications of the orchestrator on this machine meet.</summary>
    public static MachineTurn OfSidecars { get; } = new(Path.Combine(Path.GetTempPath(), "orchestrator-sidecar-restart.lock"));

    /// <summary>None while another process has it. Where the file cannot be had at all nobody is waited for.</summary>
    public IDisposable? TryTake()
    {
        try
        {
            return new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException) when (File.Exists(path))
        {
            return null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return new MemoryStream();
        }
    }
}
