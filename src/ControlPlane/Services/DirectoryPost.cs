using Orchestrator.Contracts.Listing;
using Orchestrator.Contracts.Values;
using Orchestrator.ServiceDefaults.Concurrency;

namespace Orchestrator.ControlPlane.Services;

/// <summary>
/// Carries what the keepers of this master tell the directory: one call at a time, each with all that has gathered during the one before.
/// What could not be delivered is carried again, and everything when the directory is a new one.
/// </summary>
/// <param name="calls">Reaches the directory, wherever it is.</param>
/// <param name="sender">This master.</param>
/// <param name="stopping">Cancelled when the master ends.</param>
internal sealed partial class DirectoryPost(
    IDirectoryCalls calls, DirectoryPost.Sender sender, TimeProvider clock, ILogger<DirectoryPost> log, CancellationToken stopping)
    : IDirectory, IDisposable
{
    private const int MostAtOnce = 500;

    /// <summary>What nobody waits for gathers so long.</summary>
    private static readonly TimeSpan Gathering = TimeSpan.FromMilliseconds(20);

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(250);

    private readonly Lock gate = new();
    private readonly Dictionary<string, ServiceLine> told = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Letter> waiting = new(StringComparer.Ordinal);
    private readonly Bell hurry = new(clock);
    private TaskCompletionSource? onItsWay;
    private long floor;
    private bool somebodyWaits;
    private bool isGathering;
    private string? activation;

    public async Task Expect(ServiceLine line)
    {
        TaskCompletionSource arrived;
        lock (gate)
        {
            var letter = Put(line);
            arrived = letter.Arrived ??= NewArrival();
            Hurry();
        }

        Carry();
        await arrived.Task;
    }

    public long Floor
    {
        get { lock (gate) return floor; }
    }

    public void Tell(ServiceLine line)
    {
        lock (gate)
        {
            told[line.Name] = line;
            Put(line);
        }

        Carry();
    }

    public async Task Arrived(CancellationToken cancel)
    {
        // What waits now goes with the call after the one that is under way.
        for (var calls = 0; calls < 2; calls++)
        {
            Task? underWay;
            lock (gate)
            {
                underWay = onItsWay?.Task;
                if (underWay is not null) Hurry();
            }

            if (underWay is null) return;
            await underWay.WaitAsync(cancel);
        }
    }

    public async Task<ValueList<string>> Due(ValueList<string>? calm, CancellationToken cancel)
    {
        var answer = await calls.Round(new DirectoryRound(sender.Master, sender.Process, calm), cancel);
        Note(answer, []);
        Carry();
        return answer.Due;
    }

    public void Dispose() => hurry.Dispose();

    private Letter Put(ServiceLine line)
    {
        if (!waiting.TryGetValue(line.Name, out var letter)) return waiting[line.Name] = new(line);
        if (line.IsNewerThan(letter.Line)) letter.Line = line;
        return letter;
    }

    private void Carry()
    {
        lock (gate)
        {
            if (onItsWay is not null || waiting.Count == 0) return;
            onItsWay = NewArrival();
        }

        _ = CarryAll();
    }

    private async Task CarryAll()
    {
        while (true)
        {
            await Gather();
            var letters = Next();
            if (letters.Count == 0) return;
            if (await TryCarry(letters) || stopping.IsCancellationRequested) continue;
            await Task.Delay(Pause, clock, CancellationToken.None);
        }
    }

    private async Task Gather()
    {
        lock (gate)
        {
            if (somebodyWaits || waiting.Count is 0 or >= MostAtOnce) return;
            isGathering = true;
        }

        await hurry.Wait(Gathering, CancellationToken.None);
        lock (gate) isGathering = false;
    }

    private void Hurry()
    {
        somebodyWaits = true;
        if (isGathering) hurry.Ring();
    }

    private async Task<bool> TryCarry(List<Letter> letters)
    {
        try
        {
            var lines = letters.Select(letter => letter.Line).ToValueList();
            Note(await calls.Tell(new DirectoryNews(sender.Master, sender.Process, lines)), lines);
            foreach (var letter in letters) letter.Arrived?.TrySetResult();
            ForgetGone(letters);
            return true;
        }
        catch (Exception e)
        {
            if (e is NoAnswerException) LogLater(letters.Count, e.Message);
            else LogDefect(e);
            if (!stopping.IsCancellationRequested) PutBack(letters);
            foreach (var letter in letters) letter.Arrived?.TrySetException(e);
            // Who reads the list does not wait for the next try.
            lock (gate) onItsWay!.TrySetResult();
            return false;
        }
    }

    /// <summary>Takes what is to be carried next, first of all what somebody waits for; none when nothing is left.</summary>
    private List<Letter> Next()
    {
        lock (gate)
        {
            onItsWay!.TrySetResult();
            somebodyWaits = false;
            onItsWay = waiting.Count == 0 ? null : NewArrival();
            var letters = waiting.Count <= MostAtOnce
                ? waiting.Values.ToList()
                : waiting.Values.OrderBy(letter => letter.Arrived is null).Take(MostAtOnce).ToList();
            foreach (var letter in letters) waiting.Remove(letter.Line.Name);
            return letters;
        }
    }

    private void ForgetGone(List<Letter> letters)
    {
        lock (gate)
        {
            foreach (var letter in letters)
            {
                var line = letter.Line;
                if (line.Gone && told.TryGetValue(line.Name, out var last) && !last.IsNewerThan(line)) told.Remove(line.Name);
            }
        }
    }

    /// <summary>Whoever waited for a line hears of the failure; the others rely on it that it arrives.</summary>
    private void PutBack(List<Letter> letters)
    {
        lock (gate)
        {
            foreach (var letter in letters)
            {
                if (letter.Line.Summary is not null || letter.Line.Gone) Put(letter.Line);
            }
        }
    }

    /// <summary>A new directory knows names and nothing else.</summary>
    private void Note(DirectoryAnswer answer, ValueList<ServiceLine> heard)
    {
        lock (gate)
        {
            floor = Math.Max(floor, answer.Floor);
            if (answer.Activation == activation) return;
            activation = answer.Activation;
            foreach (var line in told.Values.Except(heard)) Put(line);
        }
    }

    /// <param name="Master">The member name.</param>
    /// <param name="Process">Which life of the master this is.</param>
    internal sealed record Sender(string Master, string Process);

    private sealed class Letter(ServiceLine line)
    {
        public ServiceLine Line { get; set; } = line;

        /// <summary>Somebody waits for it.</summary>
        public TaskCompletionSource? Arrived { get; set; }
    }

    private static TaskCompletionSource NewArrival() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    [LoggerMessage(LogLevel.Warning, "The directory cannot be told of {Count} services now, it is told again: {Error}")]
    private partial void LogLater(int count, string error);

    [LoggerMessage(LogLevel.Error, "The directory failed in a way that nobody expected; it is told again")]
    private partial void LogDefect(Exception e);
}
