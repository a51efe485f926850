using Spectre.Console;

namespace LocalDapr.Launch;

/// <summary>
/// A run on the terminal and in its log files: "control-plane-1 | what it wrote", "control-plane-1: healthy". While all start or end, what
/// the apps write goes to the log files alone: most of it is about others that are not there yet, or not any more.
/// </summary>
internal sealed class ConsoleOutput : ILaunchOutput, IDisposable
{
    /// <summary>The name under which LocalDapr's own lines are kept.</summary>
    public const string Own = "localdapr";

    private static readonly Color[] Colors = [Color.Aqua, Color.Yellow, Color.Green, Color.Fuchsia, Color.Blue, Color.Orange1];

    /// <summary>Lines that an app wrote while all started, kept until it writes more: they may explain its trouble.</summary>
    private const int MostHeldBack = 20;

    private readonly Dictionary<string, (LogFile Log, string Prefix, Color Color)> apps = [];
    private readonly Dictionary<string, Queue<string>> heldBack = [];
    private readonly LogFile own;
    private readonly IAnsiConsole console;
    private Stage stage = Stage.Starting;

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

    private enum Stage { Starting, Running, Ending, Silent }

    public void Event(string app, string text)
    {
        var line = $"{app}: {text}";
        own.Write(line);
        Print(line, text == "healthy" ? Color.Green : Color.Default, "");
    }

    public void Trouble(string app, string text)
    {
        lock (apps)
        {
            if (heldBack.Remove(app, out var lines)) foreach (var line in lines) Print(apps[app].Prefix, apps[app].Color, line);
            Event(app, text);
        }
    }

    public void Line(string app, string line)
    {
        var (log, prefix, color) = apps[app];
        log.Write(line);
        lock (apps)
        {
            if (stage == Stage.Running)
            {
                heldBack.Remove(app);
                Print(prefix, color, line);
            }
            else if (stage == Stage.Starting) HoldBack(app, line);
        }
    }

    /// <summary>All have started: says so, and shows from now on what the apps write.</summary>
    public void Ready(string text)
    {
        lock (apps)
        {
            Say(text);
            stage = Stage.Running;
        }
    }

    /// <summary>All are to end: says so, and shows no more of what the apps write.</summary>
    public void Ending(string text)
    {
        Say(text);
        lock (apps) if (stage != Stage.Silent) stage = Stage.Ending;
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
            stage = Stage.Silent;
        }
    }

    public void Dispose()
    {
        foreach (var (log, _, _) in apps.Values) log.Dispose();
    }

    private void HoldBack(string app, string line)
    {
        if (!heldBack.TryGetValue(app, out var lines)) heldBack[app] = lines = new();
        lines.Enqueue(line);
        if (lines.Count > MostHeldBack) lines.Dequeue();
    }

    private void Print(string prefix, Color color, string rest)
    {
        lock (apps)
        {
            if (stage == Stage.Silent) return;
            console.Write(new Text(prefix, new Style(color)));
            console.WriteLine(rest);
        }
    }
}
