using System.Diagnostics;
using System.Text;
using Microsoft.Win32.SafeHandles;
using Orchestrator.Cli;
using Orchestrator.Cli.Output;
using Orchestrator.Client;
using Spectre.Console;

static string? Variable(string name) => Environment.GetEnvironmentVariable(name) is { Length: > 0 } value ? value : null;

static bool Browse(Uri page)
{
    var program = OperatingSystem.IsWindows() ? "explorer" : OperatingSystem.IsMacOS() ? "open" : "xdg-open";
    try
    {
        using var browser = Process.Start(new ProcessStartInfo(program, $"{page}") { RedirectStandardOutput = true, RedirectStandardError = true });
        return browser is not null;
    }
    catch (Exception e) when (e is System.ComponentModel.Win32Exception or InvalidOperationException)
    {
        return false;
    }
}

// The console's own writer says nothing when nobody reads any more, as in "orc logs -f web | head": it would go on for ever.
static TextWriter Results()
{
    if (!Console.IsOutputRedirected || OperatingSystem.IsWindows()) return Console.Out;
    var stream = new FileStream(new SafeFileHandle(1, ownsHandle: false), FileAccess.Write, bufferSize: 0);
    // In a file it would keep a place of its own, and write over what others write that have the same file.
    return stream.CanSeek ? Console.Out : new StreamWriter(stream, new UTF8Encoding(false)) { AutoFlush = true };
}

Console.OutputEncoding = Encoding.UTF8;
var isScreen = !Console.IsOutputRedirected && Variable("TERM") is not "dumb";
var around = new Surroundings
{
    Out = new Writing(Results(), isScreen, isScreen ? Math.Max(40, Console.WindowWidth) : null),
    Error = new Writing(Console.Error, !Console.IsErrorRedirected && Variable("TERM") is not "dumb"),
    In = Console.In, MayAsk = !Console.IsInputRedirected && !Console.IsErrorRedirected,
    Screen = isScreen ? AnsiConsole.Console : null,
    Variable = Variable, Connect = options => new OrchestratorClient(options), Clock = TimeProvider.System,
    Browse = Browse, Terminal = new RealTerminal(),
};
return await Root.Run(around, args);
