using System.Diagnostics;

namespace LocalDapr.Server;

/// <summary>
/// What comes in on a socket is handled by the thread that saw it come. .NET would wake one of its pool for each, four times a call of an
/// actor; nothing here keeps a thread for long.
/// </summary>
internal static class SocketThreads
{
    /// <summary>.NET reads it once, before the first socket is made.</summary>
    private const string Setting = "DOTNET_SYSTEM_NET_SOCKETS_INLINE_COMPLETIONS";

    private static bool isMine;

    /// <summary>From here on, unless the environment says otherwise.</summary>
    public static void Keep()
    {
        if (Environment.GetEnvironmentVariable(Setting) is not null) return;
        Environment.SetEnvironmentVariable(Setting, "1");
        isMine = true;
    }

    /// <summary>What apps do with their threads is their own affair.</summary>
    public static void LeaveOut(ProcessStartInfo child)
    {
        if (isMine) child.Environment.Remove(Setting);
    }
}
