using Orchestrator.Cli.Output;
using Spectre.Console;

namespace Orchestrator.Cli.Orders;

/// <summary>The same again and again: a table that changes on a screen, otherwise a line for each thing that has changed.</summary>
internal static class Watching
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    public static Task Of<T>(
        Session session, Func<DateTimeOffset, View<T>> view, Func<CancellationToken, Task<List<T>>> look, CancellationToken cancel)
        where T : notnull => session.Moves ? OnScreen(session, view, look, cancel) : AsLines(session, view, look, cancel);

    private static Task OnScreen<T>(
        Session session, Func<DateTimeOffset, View<T>> view, Func<CancellationToken, Task<List<T>>> look, CancellationToken cancel)
    {
        var isWide = session.Results.Form == Form.Wide;
        return session.Screen!.Live(new Text("")).StartAsync(async live =>
        {
            while (true)
            {
                var now = view(session.Now);
                var table = new Table().NoBorder().AddColumns(
                    [.. now.Titles(isWide)
                        .Select(it => new TableColumn(new Markup($"[grey]{it.EscapeMarkup()}[/]")).NoWrap().PadRight(2))]);
                foreach (var item in await look(cancel)) table.AddRow(now.Row(item, isWide).Select(Shown));
                live.UpdateTarget(table);
                await Task.Delay(Pause, session.Around.Clock, cancel);
            }
        });
    }

    private static async Task AsLines<T>(
        Session session, Func<DateTimeOffset, View<T>> view, Func<CancellationToken, Task<List<T>>> look, CancellationToken cancel)
        where T : notnull
    {
        Dictionary<string, T> told = [];
        for (var isFirst = true; ; isFirst = false)
        {
            var now = view(session.Now);
            var fresh = await look(cancel);
            foreach (var item in fresh.Where(it => !told.TryGetValue(now.Name(it), out var before) || !before.Equals(it)))
                session.Results.Next(item, now.Name(item), () => Line(session, now, item));
            if (!isFirst && session.Results.IsForPeople)
            {
                foreach (var gone in told.Keys.Except(fresh.Select(now.Name))) session.Out.Line($"{gone}   gone");
            }

            told = fresh.ToDictionary(now.Name);
            await Task.Delay(Pause, session.Around.Clock, cancel);
        }
    }

    private static string Line<T>(Session session, View<T> view, T item) => string.Join(
        "   ", view.Row(item, session.Results.Form == Form.Wide).Where(it => it.Text.Length > 0).Select(it => session.Out.Paint(it.Text, it.Tone)));

    private static Markup Shown(Cell cell)
    {
        var colour = cell.Tone switch
        {
            Tone.Good => "green",
            Tone.Busy => "yellow",
            Tone.Bad => "red",
            Tone.Faint => "grey",
            _ => "default",
        };
        return new Markup($"[{colour}]{cell.Text.EscapeMarkup()}[/]");
    }
}
