using System.Collections.Concurrent;
using System.Threading.Channels;
using Orchestrator.ControlPlane.Services;
using Orchestrator.ServiceDefaults.Hosting;

namespace Orchestrator.ControlPlane.Workflows.Schedules;

/// <summary>
/// Sees to it that the schedule of each job which this master looks after is followed by a workflow, and by one that knows it as it is.
/// Whoever turns out to be gone is replaced; what has become of no use is taken away.
/// </summary>
internal sealed partial class SchedulePost(IFollowers followers, TimeProvider clock, ILogger<SchedulePost> log) : ISchedules, ILoop
{
    /// <summary>What did not succeed is tried again after so long.</summary>
    private static readonly TimeSpan Again = TimeSpan.FromSeconds(5);

    /// <summary>One that is told so often that it is late, and goes on being late, is replaced.</summary>
    private const int MostLate = 3;

    private readonly ConcurrentDictionary<string, Wish> wishes = new(StringComparer.Ordinal);
    private readonly Channel<string> queue = Channel.CreateUnbounded<string>();

    public void Follow(string service, string told, bool isLate)
    {
        var before = wishes.GetValueOrDefault(service);
        if (before is not null && before.Told == told && !isLate) return;
        var late = isLate ? (before?.Late ?? 0) + 1 : 0;
        wishes[service] = new Wish(told, late) { Problem = before?.Problem };
        queue.Writer.TryWrite(service);
    }

    public void Leave(string service)
    {
        if (wishes.GetValueOrDefault(service) is { Told: null }) return;
        wishes[service] = new Wish(null, 0);
        queue.Writer.TryWrite(service);
    }

    public string? ProblemOf(string service) => wishes.GetValueOrDefault(service)?.Problem;

    public async Task Run(CancellationToken stopping)
    {
        await foreach (var service in queue.Reader.ReadAllAsync(stopping))
        {
            if (wishes.GetValueOrDefault(service) is not { } wish) continue;
            try
            {
                await (wish.Told is { } told ? See(service, told, wish, stopping) : LetGo(service, wish, stopping));
            }
            catch (FollowersException e)
            {
                if (wish.Problem != e.Message) LogProblem(service, e.Message);
                wish.Problem = e.Message;
                _ = LookAgain(service, wish, stopping);
            }
        }
    }

    private async Task See(string service, string told, Wish wish, CancellationToken stopping)
    {
        var schedule = new FollowedSchedule(service, told);
        var follower = await followers.Find(service, stopping);
        if (follower.State == FollowerState.GoesOn && wish.Late >= MostLate)
        {
            LogStuck(service);
            await followers.End(service, stopping);
            follower = new(FollowerState.Ended);
            wish.Late = 0;
        }

        if (follower.State != FollowerState.GoesOn) await followers.Start(schedule, stopping);
        else if (follower.Told != told || wish.Late > 0) await followers.Tell(schedule, stopping);
        wish.Problem = null;
        // One that was told in its last moment ends without having heard it.
        if (follower.State == FollowerState.GoesOn && follower.Told != told) _ = LookAgain(service, wish, stopping);
    }

    /// <summary>It finds by itself that there is nothing to follow; what is left of it then goes as well.</summary>
    private async Task LetGo(string service, Wish wish, CancellationToken stopping)
    {
        var follower = await followers.Find(service, stopping);
        if (follower.State == FollowerState.GoesOn)
        {
            await followers.Tell(new FollowedSchedule(service, ""), stopping);
            _ = LookAgain(service, wish, stopping);
            return;
        }

        if (follower.State == FollowerState.Ended) await followers.Purge(service, stopping);
        wishes.TryRemove(KeyValuePair.Create(service, wish));
    }

    private async Task LookAgain(string service, Wish wish, CancellationToken stopping)
    {
        await Task.Delay(Again, clock, stopping).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (!stopping.IsCancellationRequested && wishes.GetValueOrDefault(service) == wish) queue.Writer.TryWrite(service);
    }

    [LoggerMessage(LogLevel.Warning, "Nobody follows the schedule of {Service}: {Why}")]
    private partial void LogProblem(string service, string why);

    [LoggerMessage(LogLevel.Warning, "Whoever follows the schedule of {Service} does not get on, and is replaced")]
    private partial void LogStuck(string service);

    /// <param name="told">The schedule that is to be followed; none when there is none any more.</param>
    /// <param name="late">How often in a row it was late.</param>
    private sealed class Wish(string? told, int late)
    {
        public string? Told => told;

        public int Late { get; set; } = late;

        /// <summary>Why nobody follows it; none when nothing is wrong.</summary>
        public string? Problem { get; set; }
    }
}
