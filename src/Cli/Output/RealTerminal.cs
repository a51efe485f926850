using System.Runtime.InteropServices;

namespace Orchestrator.Cli.Output;

/// <summary>The terminal of this process.</summary>
internal sealed partial class RealTerminal : ITerminal
{
    private const int Now = 0;

    /// <summary>More than any system's termios needs.</summary>
    private const int SettingsSize = 256;

    public Stream Input => Console.OpenStandardInput();

    public Stream Output => Console.OpenStandardOutput();

    public Stream Error => Console.OpenStandardError();

    public bool IsInputTerminal => !Console.IsInputRedirected;

    public bool IsOutputTerminal => !Console.IsOutputRedirected;

    public (int Columns, int Rows) Size => (Math.Max(1, Console.WindowWidth), Math.Max(1, Console.WindowHeight));

    public IDisposable Raw()
    {
        if (OperatingSystem.IsWindows())
            throw CliException.Usage("a terminal in an instance needs Linux or macOS here", "orc exec without -t runs the program");
        var before = new byte[SettingsSize];
        if (TcGetAttr(0, before) != 0) return new Undo(() => { });
        var raw = (byte[])before.Clone();
        CfMakeRaw(raw);
        TcSetAttr(0, Now, raw);
        return new Undo(() => TcSetAttr(0, Now, before));
    }

    public IDisposable OnResize(Action told) => OperatingSystem.IsWindows() ? new Undo(() => { })
        : PosixSignalRegistration.Create(PosixSignal.SIGWINCH, _ => told());

    [LibraryImport("libc", EntryPoint = "tcgetattr")]
    private static partial int TcGetAttr(int file, [Out] byte[] settings);

    [LibraryImport("libc", EntryPoint = "tcsetattr")]
    private static partial int TcSetAttr(int file, int when, byte[] settings);

    [LibraryImport("libc", EntryPoint = "cfmakeraw")]
    private static partial void CfMakeRaw([In, Out] byte[] settings);

    private sealed class Undo(Action undo) : IDisposable
    {
        public void Dispose() => undo();
    }
}
