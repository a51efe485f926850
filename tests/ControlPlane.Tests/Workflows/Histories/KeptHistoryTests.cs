using System.Runtime.CompilerServices;
using Dapr.DurableTask.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Orchestrator.ControlPlane.Workflows;
using Orchestrator.ControlPlane.Workflows.Schedules;
using Orchestrator.Core.Tests.Simulation;

namespace Orchestrator.ControlPlane.Tests.Workflows.Histories;

/// <summary>
/// Old and new masters carry the same workflow out in turns while they are replaced one by one: what a release answered to a history, every
/// later one must. A workflow that is to act otherwise gets another name, and files of its own; no file of a release is written anew.
/// </summary>
public sealed class KeptHistoryTests
{
    private static readonly Dictionary<string, (int Second, HistoryEvent Event)[]> Stories = new()
    {
        ["follow-schedule-a-moment-comes"] =
        [
            (0, Begins), (0, Next(10)), (10, new() { TimerFired = new() { TimerId = 1, FireAt = At(10) } }), (10, Done(2, "true")),
        ],
        ["follow-schedule-a-moment-has-come-long-ago-and-the-job-does-not-answer"] =
        [
            (0, Begins), (0, Next(-60)), (1, Done(1, "false")), (6, new() { TimerFired = new() { TimerId = 2, FireAt = At(6) } }),
        ],
        ["follow-schedule-the-schedule-changes"] =
        [
            (0, Begins), (0, Next(86_400)), (5, new() { EventRaised = new() { Name = FollowSchedule.Changed, Input = "\"0 4 * * *\"" } }),
        ],
        ["follow-schedule-nothing-is-heard"] =
        [
            (0, Begins), (0, Next(86_400)), (600, new() { TimerFired = new() { TimerId = 1, FireAt = At(600) } }),
        ],
        ["follow-schedule-the-job-cannot-be-asked"] =
        [
            (0, Begins), (1, new() { TaskFailed = new() { FailureDetails = new() { ErrorType = "Trouble", ErrorMessage = "none" } } }),
            (6, new() { TimerFired = new() { TimerId = 1, FireAt = At(6) } }),
        ],
        ["follow-schedule-there-is-none-any-more"] = [(0, Begins), (0, Done(0, """{"next":null,"isOver":true}"""))],
    };

    public static TheoryData<string> Kept => [.. Stories.Keys];

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory, MemberData(nameof(Kept))]
    public async Task What_a_release_answered_every_later_one_does(string history)
    {
        var file = Path.Combine(Path.GetDirectoryName(ThisFile())!, $"{history}.json");
        // Only what is new is written.
        if (Environment.GetEnvironmentVariable("ORCHESTRATOR_RENEW") == "1" && !File.Exists(file))
            await File.WriteAllTextAsync(file, KeptTurn.Write(await Replay(Stories[history].Select(Told), check: false)), Cancel);
        var turns = KeptTurn.Read(await File.ReadAllTextAsync(file, Cancel));
        Assert.True(turns.Count > 1, "a history is longer");
        await Replay(turns, check: true);
    }

    [Fact]
    public void Every_file_is_looked_at() => Assert.Equal(
        Directory.GetFiles(Path.GetDirectoryName(ThisFile())!, "*.json").Select(it => Path.GetFileNameWithoutExtension(it)!)
            .Order(StringComparer.Ordinal),
        Stories.Keys.Order(StringComparer.Ordinal));

    private static async Task<List<KeptTurn>> Replay(IEnumerable<KeptTurn> turns, bool check)
    {
        await using var sidecar = await TurnByTurn.Start(WorkflowServices.Register, Cancel);
        List<HistoryEvent> past = [];
        List<KeptTurn> replayed = [];
        foreach (var turn in turns)
        {
            var answer = await sidecar.Answer(past, turn.Events(), Cancel);
            if (check) Assert.Equal(KeptTurn.Words(turn.Answer), KeptTurn.Words(answer.Actions));
            var now = turn with { Answer = [.. answer.Actions] };
            replayed.Add(now);
            if (answer.Actions.Any(it => it.CompleteWorkflow is not null)) break;
            past.AddRange(turn.Events().Concat(now.Left()));
        }

        Assert.Contains(replayed[^1].Answer, it => it.CompleteWorkflow is not null);
        return replayed;
    }

    private static KeptTurn Told((int Second, HistoryEvent Event) it) => new(CalmCluster.Start.AddSeconds(it.Second), [it.Event], []);

    private static HistoryEvent Begins => new()
    {
        ExecutionStarted = new()
        {
            Name = nameof(FollowSchedule), Input = """{"service":"web","told":"*/10 * * * * *"}""",
            WorkflowInstance = new() { InstanceId = "it", ExecutionId = "the first" },
        },
    };

    private static HistoryEvent Next(int second) =>
        Done(0, $$"""{"next":"{{CalmCluster.Start.AddSeconds(second):O}}","isOver":false}""");

    private static HistoryEvent Done(int task, string result) =>
        new() { TaskCompleted = new() { TaskScheduledId = task, Result = result } };

    private static Timestamp At(int second) => CalmCluster.Start.AddSeconds(second).ToTimestamp();

    private static string ThisFile([CallerFilePath] string file = "") => file;
}
