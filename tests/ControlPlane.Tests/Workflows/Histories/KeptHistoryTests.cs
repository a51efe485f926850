using System.Runtime.CompilerServices;
using Dapr.DurableTask.Protobuf;
using Dapr.Workflow;
using Orchestrator.ControlPlane.Workflows;

namespace Orchestrator.ControlPlane.Tests.Workflows.Histories;

/// <summary>
/// Old and new masters carry the same workflow out in turns while they are replaced one by one: what a release answered to a history, every
/// later one must. A workflow that is to act otherwise gets another name, and files of its own; no file of a release is written anew.
/// </summary>
public sealed class KeptHistoryTests
{
    private static readonly Dictionary<string, Story> Stories = ScheduleStories.All.Concat(StackStories.All).Concat(MaintenanceStories.All)
        .ToDictionary(it => it.Name, StringComparer.Ordinal);

    public static TheoryData<string> Kept => [.. Stories.Keys];

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory, MemberData(nameof(Kept))]
    public async Task What_a_release_answered_every_later_one_does(string history)
    {
        var file = Path.Combine(Path.GetDirectoryName(ThisFile())!, $"{history}.json");
        // Only what is new is written.
        if (Environment.GetEnvironmentVariable("ORCHESTRATOR_RENEW") == "1" && !File.Exists(file))
            await File.WriteAllTextAsync(file, KeptTurn.Write(await Replay(Stories[history].Turns.Select(Told), check: false)), Cancel);
        var turns = KeptTurn.Read(await File.ReadAllTextAsync(file, Cancel));
        Assert.True(turns.Count > 1, "a history is longer");
        await Replay(turns, check: true);
    }

    [Fact]
    public void Every_file_is_looked_at() => Assert.Equal(
        Directory.GetFiles(Path.GetDirectoryName(ThisFile())!, "*.json").Select(it => Path.GetFileNameWithoutExtension(it)!)
            .Order(StringComparer.Ordinal),
        Stories.Keys.Order(StringComparer.Ordinal));

    [Fact]
    public void Each_workflow_has_some() => Assert.Equal(
        typeof(WorkflowServices).Assembly.GetTypes().Where(it => !it.IsAbstract && it.IsAssignableTo(typeof(IWorkflow)))
            .Select(it => it.Name).Order(StringComparer.Ordinal),
        Stories.Values.Select(it => it.Turns[0].Event.ExecutionStarted.Name).Distinct().Order(StringComparer.Ordinal));

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

    private static KeptTurn Told((int Second, HistoryEvent Event) it) => new(Story.Time(it.Second), [it.Event], []);

    private static string ThisFile([CallerFilePath] string file = "") => file;
}
