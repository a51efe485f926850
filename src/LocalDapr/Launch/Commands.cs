using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using System.Text.Json;
using Spectre.Console;

namespace LocalDapr.Launch;

/// <summary>The command line of LocalDapr.</summary>
internal static class Commands
{
    private const int MostLines = 1_000_000;
    private static readonly TimeSpan ReadyWithin = TimeSpan.FromMinutes(3);
    private static readonly TimeSpan DownWithin = TimeSpan.FromSeconds(30);

    private static readonly Option<string> FolderOption = new("--folder")
    {
        Description = "Where state, logs and the lock of the run are kept",
        DefaultValueFactory = _ => ".orchestrator",
        Recursive = true,
    };

    private static readonly Argument<string> AppArgument = new("app") { Description = "The app's name as status shows it" };

    public static RootCommand Root(Func<RunFile, RunFolder, ConsoleOutput, Task<ISidecars>> startSidecars, TimeProvider clock) =>
        new("Dapr's API on one machine, for the apps of a dapr.yaml")
        {
            FolderOption,
            Run(startSidecars, clock),
            Status(clock),
            Logs(clock),
            Stop(),
            Act("start", "Starts an app again that was stopped, and waits until it is healthy", "start"),
            Act("restart", "Stops and starts an app, and waits until it is healthy", "restart"),
            Down(clock),
            Env(),
        };

    private static Command Run(Func<RunFile, RunFolder, ConsoleOutput, Task<ISidecars>> startSidecars, TimeProvider clock)
    {
        var file = RunFileOption();
        var message = new Option<string>("--ready-message")
        {
            Description = "Said when all apps are healthy; {url} is the first app's address", DefaultValueFactory = _ => "Ready: {url}",
        };
        var stopped = new Option<string>("--stopped-message")
            { Description = "Said when all have ended", DefaultValueFactory = _ => "stopped" };
        var detach = new Option<bool>("--detach", "-d") { Description = "Return when all apps are healthy and go on in the background" };
        var detached = new Option<bool>("--detached") { Hidden = true };
        var command = new Command("run", "Runs the apps of a run file, each with a sidecar") { file, message, stopped, detach, detached };
        command.SetAction(async (parsed, _) =>
        {
            var folder = new RunFolder(parsed.GetValue(FolderOption)!);
            var wishes = new RunCommand.Wishes(
                parsed.GetValue(file)!, parsed.GetValue(message)!, parsed.GetValue(stopped)!, parsed.GetValue(detached));
            if (parsed.GetValue(detach))
            {
                string[] arguments =
                [
                    "run", "--detached", "--folder", folder.FullPath,
                    "-f", Path.GetFullPath(wishes.RunFile), "--ready-message", wishes.ReadyMessage,
                ];
                using (var free = folder.TryTake())
                {
                    if (free is null)
                    {
                        await Console.Error.WriteLineAsync(folder.Taken);
                        return 1;
                    }
                }

                return await DetachedRun.StartAsync(folder.KeeperPath, arguments, Console.Out, ReadyWithin, clock);
            }

            return await new RunCommand(folder, (run, output) => startSidecars(run, folder, output), clock)
                .RunAsync(wishes, AnsiConsole.Console, Console.Error);
        });
        return command;
    }

    private static Command Status(TimeProvider clock)
    {
        var json = new Option<bool>("--json") { Description = "For programs" };
        var command = new Command("status", "Shows what runs") { json };
        command.SetAction((parsed, cancel) => WithRunning(parsed, async client =>
        {
            var status = await client.StatusAsync(cancel);
            if (parsed.GetValue(json)) Console.WriteLine(JsonSerializer.Serialize(status, ControlJson.Default.RunStatus));
            else Wide(AnsiConsole.Console).Write(StatusTable.Of(status, clock.GetUtcNow()));
        }));
        return command;
    }

    private static Command Logs(TimeProvider clock)
    {
        var follow = new Option<bool>("--follow", "-f") { Description = "Go on with what is written from now on" };
        var lines = new Option<int>("--lines", "-n")
        {
            Description = "How many of the last lines", DefaultValueFactory = _ => 100, CustomParser = LineCount,
        };
        var command = new Command("logs", $"Shows what an app wrote ('{ConsoleOutput.Own}' for LocalDapr itself)")
        {
            AppArgument, follow, lines,
        };
        command.SetAction(async (parsed, cancel) =>
        {
            var folder = new RunFolder(parsed.GetValue(FolderOption)!);
            var app = parsed.GetValue(AppArgument)!;
            var known = LogFile.NamesIn(folder.FullPath);
            if (!known.Contains(app))
            {
                await Console.Error.WriteLineAsync(known.Count == 0
                    ? $"there are no logs in {folder.FullPath}"
                    : $"there is no log of '{app}'; there are {string.Join(", ", known)}");
                return 1;
            }

            try
            {
                await new LogReader(LogFile.PathOf(folder.FullPath, app), clock)
                    .ShowAsync(parsed.GetValue(lines), parsed.GetValue(follow), Console.Out, cancel);
            }
            catch (OperationCanceledException)
            {
                // Ctrl-C is how one ends following.
            }

            return 0;
        });
        return command;
    }

    private static int LineCount(ArgumentResult given)
    {
        var text = given.Tokens.Count == 1 ? given.Tokens[0].Value : "";
        if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var count) && count <= MostLines) return count;
        given.AddError($"--lines is a whole number from 0 to {MostLines}, not '{text}'");
        return 0;
    }

    private static Command Stop()
    {
        var kill = new Option<bool>("--kill") { Description = "At once and without goodbye (SIGKILL)" };
        var command = new Command("stop", "Ends an app and its sidecar until it is started again") { AppArgument, kill };
        command.SetAction((parsed, cancel) => WithRunning(parsed, async client =>
            Tell(await client.ActAsync(parsed.GetValue(AppArgument)!, parsed.GetValue(kill) ? "kill" : "stop", cancel))));
        return command;
    }

    private static Command Act(string name, string description, string verb)
    {
        var command = new Command(name, description) { AppArgument };
        command.SetAction((parsed, cancel) => WithRunning(parsed, async client =>
            Tell(await client.ActAsync(parsed.GetValue(AppArgument)!, verb, cancel))));
        return command;
    }

    private static Command Down(TimeProvider clock)
    {
        var kill = new Option<bool>("--kill") { Description = "At once and without goodbye" };
        var command = new Command("down", "Ends all apps and LocalDapr itself") { kill };
        command.SetAction(async (parsed, cancel) =>
        {
            var folder = new RunFolder(parsed.GetValue(FolderOption)!);
            folder.LetEnd();
            using (var taken = Directory.Exists(folder.FullPath) ? folder.TryTake() : null)
            {
                if (taken is not null || !Directory.Exists(folder.FullPath))
                {
                    var ended = await new Leftovers(folder.FullPath, clock).EndAsync(cancel);
                    Console.WriteLine(ended == 0
                        ? $"nothing is running on {folder.FullPath}"
                        : $"ended {ended} process{(ended == 1 ? "" : "es")} of an earlier run that was killed");
                    return 0;
                }
            }

            return await WithRunning(parsed, client => DownAsync(client, parsed.GetValue(kill), clock, cancel));
        });
        return command;
    }

    private static async Task DownAsync(ControlClient client, bool kill, TimeProvider clock, CancellationToken cancel)
    {
        var status = await client.StatusAsync(cancel);
        try
        {
            await client.DownAsync(kill, cancel);
        }
        catch (ControlException)
        {
            // It ended just now, by somebody else's wish or before it had answered: its process tells.
        }

        var begin = clock.GetTimestamp();
        while (Directory.Exists($"/proc/{status.Pid}"))
        {
            if (clock.GetElapsedTime(begin) > DownWithin)
                throw new ControlException($"process {status.Pid} still runs after {DownWithin.TotalSeconds:0} s; try again with --kill");
            await Task.Delay(TimeSpan.FromMilliseconds(20), clock, cancel);
        }

        Console.WriteLine("stopped");
    }

    private static Command Env()
    {
        var name = new Argument<string>("name") { Description = "The variable" };
        var file = RunFileOption();
        var command = new Command("env", "Shows what a run file gives its apps under a name, each value once") { name, file };
        command.SetAction(parsed =>
        {
            try
            {
                var values = from app in RunFileReader.Read(parsed.GetValue(file)!).Apps
                             where app.Env.ContainsKey(parsed.GetValue(name)!)
                             select app.Env[parsed.GetValue(name)!];
                foreach (var value in values.Distinct()) Console.WriteLine(value);
                return 0;
            }
            catch (RunFileException e)
            {
                Console.Error.WriteLine(e.Message);
                return 2;
            }
        });
        return command;
    }

    private static Option<string> RunFileOption() => new("--run-file", "-f")
    {
        Description = "The run file, or the folder of its dapr.yaml", DefaultValueFactory = _ => ".",
    };

    private static async Task<int> WithRunning(ParseResult parsed, Func<ControlClient, Task> act)
    {
        using var client = new ControlClient(new RunFolder(parsed.GetValue(FolderOption)!));
        try
        {
            await act(client);
            return 0;
        }
        catch (ControlException e)
        {
            await Console.Error.WriteLineAsync(e.Message);
            return 1;
        }
    }

    private static void Tell(AppStatus app) => Console.WriteLine($"{app.Name}: {app.State.ToString().ToLowerInvariant()}");

    private static IAnsiConsole Wide(IAnsiConsole console)
    {
        // A table that is wrapped or cut at 80 columns cannot be read by a program, nor well by a person.
        if (!console.Profile.Out.IsTerminal) console.Profile.Width = 400;
        return console;
    }
}
