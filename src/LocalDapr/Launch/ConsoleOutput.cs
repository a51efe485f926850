using Spectre.Console;

namespace LocalDapr.Launch;

/// <summary>A run on the terminal and in its log files: "control-plane-1 | what it wrote", "control-plane-1: healthy".</summary>
internal sealed class ConsoleOutput : ILaunchOutput, IDisposable
{
    /// <summary>The name under which LocalDapr's own lines are kept.</summary>
    public const string Own = "localdapr";

    private static readonly Color[] Colors = [Color.Aqua, Color.Yellow, Color.Green, Color.Fuchsia, Color.Blue, Color.Orange1];

    private readonly Dictionary<string, (LogFile Log, string Prefix, Color Color)> apps = [];
    private readonly LogFile own;
    private readonly IAnsiConsole console;
    private bool silent;

    public ConsoleOutput(IAnsiConsole console, string folder, IEnumerable<string> names)
    {
        this.console = console;
        // Long lines are the reader's to wrap; a log that we cut cannot be copied.
        console.Profile.Width = int.MaxValue;
        own = new LogFile(LogFile.PathOf(folder, Own));
        var all = names.Append(Own).ToList();
        var width = all.Max(name => name.Length);
        foreach (var (i, name) in all.Index())
        {
            var log = name == Own ? own : new LogFile(LogFile.PathOf(folder, name));
            apps[name] = (log, name.PadRight(width) + " | ", Colors[i % Colors.Length]);
        }
    }

    public void Event(string app, string text)
    {
        var line = $"{app}: {text}";
        own.Write(line);
        Print(line, Color.Default, "");
    }

    public void Line(string app, string line)
    {
        var (log, prefix, color) = apps[app];
        log.Write(line);
        Print(prefix, color, line);
    }

    /// <summary>A sentence about the run as a whole.</summary>
    public void Say(string text)
    {
        own.Write(text);
        Print(text, Color.Default, "");
    }

    /// <summary>Says the last words there, with nothing between or after them; from now on only the log files are written.</summary>
    public void LeaveTerminal(string text, string lastWord)
    {
        own.Write(text);
        lock (apps)
        {
            console.WriteLine(text);
            console.WriteLine(lastWord);
            silent = true;
        }
    }

    public void Dispose()
    {
        foreach (var (log, _, _) in apps.Values) log.Dispose();
    }

    private void Print(string prefix, Color color, string rest)
    {
        lock (apps)
        {
            if (silent) return;
            console.Write(new Text(prefix, new Style(color)));
            console.WriteLine(rest);
        }
    }
}
