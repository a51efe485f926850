using System.Globalization;
using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace Orchestrator.WorkerAgent.Docker;

/// <summary>The process behind the engine's socket. The engine itself tells nobody since when it runs.</summary>
/// <param name="Started">In clock ticks since the machine started, as text.</param>
internal sealed record EngineProcess(int Pid, string Started)
{
    // From <asm-generic/socket.h>.
    private const int SocketLevel = 1;
    private const int PeerCredentials = 17;

    /// <summary>A socket that systemd opened for the engine shows systemd; then the engine's own note is believed.</summary>
    private const string PidFile = "/run/docker.pid";

    /// <summary>None when it cannot be told: the engine is on another machine, or does not answer.</summary>
    public static async Task<EngineProcess?> Find(Uri engine, CancellationToken cancel)
    {
        if (engine.Scheme != "unix" || !OperatingSystem.IsLinux()) return null;
        try
        {
            using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
            await socket.ConnectAsync(new UnixDomainSocketEndPoint(engine.LocalPath), cancel);
            var credentials = new byte[12];
            socket.GetRawSocketOption(SocketLevel, PeerCredentials, credentials);
            var pid = MemoryMarshal.Read<int>(credentials);
            if (pid == 1) pid = int.Parse(await File.ReadAllTextAsync(PidFile, cancel), CultureInfo.InvariantCulture);
            return pid > 1 ? new(pid, StartOf(pid)) : null;
        }
        catch (Exception e) when (e is SocketException or IOException or UnauthorizedAccessException or FormatException)
        {
            return null;
        }
    }

    /// <summary>The 22nd field of <c>/proc/PID/stat</c>; the second is a name in brackets that may hold anything.</summary>
    private static string StartOf(int pid)
    {
        var text = File.ReadAllText($"/proc/{pid}/stat");
        return text[(text.LastIndexOf(')') + 2)..].Split(' ')[19];
    }
}
