using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace LocalDapr.Launch;

/// <summary>The folder of a run: its lock, its logs, the socket by which a running one is controlled, and the runtime's own data.</summary>
internal sealed class RunFolder
{
    // The kernel's limit for the address of a unix socket is 108 bytes with the closing zero.
    private const int LongestSocketPath = 100;

    public RunFolder(string path)
    {
        FullPath = Path.TrimEndingDirectorySeparator(Path.GetFullPath(path));
        var socket = Path.Combine(FullPath, "localdapr.sock");
        SocketPath = Encoding.UTF8.GetByteCount(socket) <= LongestSocketPath ? socket : ShortSocketPath(FullPath);
    }

    public string FullPath { get; }

    public string SocketPath { get; }

    public string DataPath => Path.Combine(FullPath, "dapr");

    private string LockPath => Path.Combine(FullPath, "localdapr.lock");

    private string PidPath => Path.Combine(FullPath, "localdapr.pid");

    /// <summary>Takes the folder for this process until the answer is disposed; null when another process has it.</summary>
    public IDisposable? TryTake()
    {
        Directory.CreateDirectory(FullPath);
        FileStream held;
        try
        {
            held = new FileStream(LockPath, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException) when (File.Exists(LockPath))
        {
            return null;
        }

        File.WriteAllText(PidPath, Environment.ProcessId.ToString(CultureInfo.InvariantCulture));
        return held;
    }

    /// <summary>Names the shell that starts a detached run again when it was killed.</summary>
    public string KeeperPath => Path.Combine(FullPath, "localdapr.keeper");

    /// <summary>What ends from now on stays ended.</summary>
    public void LetEnd()
    {
        if (Directory.Exists(FullPath)) File.Delete(KeeperPath);
    }

    /// <summary>What to say to somebody who wants it while another process has it.</summary>
    public string Taken => $"one is already running on {FullPath} ({Holder}); end it first, or choose another folder";

    private string Holder => File.Exists(PidPath) ? $"process {File.ReadAllText(PidPath)}" : "another process";

    private static string ShortSocketPath(string folder) =>
        Path.Combine("/tmp", $"localdapr-{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(folder)))[..16]}.sock");
}
