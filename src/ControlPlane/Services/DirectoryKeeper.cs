using Orchestrator.Contracts.Listing;
using Orchestrator.Contracts.Values;
using Orchestrator.ControlPlane.Alarms;
using Orchestrator.ControlPlane.Records;
using Orchestrator.ControlPlane.Settings;

namespace Orchestrator.ControlPlane.Services;

/// <summary>
/// Keeps the list of services. Names outlive it; how each service is it remembers only, since the masters tell it again. Its calls must
/// come one at a time; the actor sees to that.
/// </summary>
/// <param name="reminder">Brings the directory back, and with it all services whose masters have died.</param>
internal sealed class DirectoryKeeper(
    IStoredRecord<DirectoryRecord> record, IReminder reminder, IAlarm alarm, ControlPlaneOptions options, TimeProvider clock)
{
    private DirectoryTable? table;

    /// <summary>What was known when a save failed, for those who only read; none when the table is the stored one.</summary>
    private DirectoryTable? known;

    private string activation = "";

    public async Task<ValueList<string>> Names() => (await TableOrKnown()).Names;

    public async Task<DirectoryPage> List(DirectoryQuestion question) => (await TableOrKnown()).Page(question);

    public async Task<DirectoryAnswer> Tell(DirectoryNews news)
    {
        var (current, now) = (await Table(), clock.GetUtcNow());
        var home = current.Hear(news.Master, news.Process, now);
        var isToBeSaved = false;
        foreach (var line in news.Lines) isToBeSaved |= current.Take(line, home, now);
        if (isToBeSaved) await Save(current);
        return new DirectoryAnswer(activation, [], current.Floor);
    }

    public async Task<DirectoryAnswer> Round(DirectoryRound round)
    {
        var (current, now) = (await Table(), clock.GetUtcNow());
        current.Hear(round.Master, round.Process, now);
        return new DirectoryAnswer(activation, current.Due(round.Calm, now), current.Floor);
    }

    /// <summary>The reminder: should no master ask, those who are due are told all the same.</summary>
    public async Task LookAgain() => alarm.Now((await Table()).Due(calm: null, clock.GetUtcNow()), "the directory reminds");

    private async Task Save(DirectoryTable next)
    {
        // Forgotten until the save has succeeded: after a conflict the next call reads again, and asks to be told again.
        (table, known) = (null, next);
        await record.Save(next.ToRecord());
        (table, known) = (next, null);
    }

    private async Task<DirectoryTable> TableOrKnown()
    {
        try
        {
            return await Table();
        }
        catch (StoreTroubleException) when (known is not null)
        {
            return known;
        }
    }

    private async Task<DirectoryTable> Table()
    {
        if (table is not null) return table;
        var stored = await record.Load();
        activation = Guid.CreateVersion7().ToString("N");
        await reminder.Set(options.RemindEvery);
        known = null;
        return table = new DirectoryTable(stored, options, clock.GetUtcNow());
    }
}
