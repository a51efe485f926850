using Orchestrator.Core.Tests.Simulation;

namespace Orchestrator.Core.Tests.Reconciliation;

/// <summary>
/// What holds in every world. All properties are checked in all worlds, every decision of each; one run serves all tests here.
/// </summary>
public sealed class ReconcilerProperties(Worlds worlds) : IClassFixture<Worlds>
{
    public static TheoryData<string> Sentences =>
    [
        "no world breaks the reconciler",
        "every world settles",
        "nothing is left behind",
        "an empty slot says why",
        "as many slots as wanted",
        "an update reaches every slot",
        "a rollback ends on the old revision",
        "a world that is not at rest says when to look again",
        "a decision is complete",
        "the same situation gives the same plan",
        "the order of the input does not matter",
        "at most one successor in a slot",
        "never two of one slot unless start-first",
        "no successor while a predecessor still ends",
        "never more than wanted and the surge",
        "what was asked to start first takes nothing down",
        "nothing that serves ends before its successor can begin",
        "an update never takes down more than allowed",
        "a move never takes down more than maxUnavailable",
        "nothing is taken for dead before its worker is lost or says so",
        "no order goes to a lost worker",
        "every step says why",
        "a name is never used twice",
        "nothing new on a worker that is not ready",
        "nothing new on a draining worker",
        "nothing new on a worker that refused lately",
        "nothing new that its worker does not allow",
        "constraints hold for what is new",
        "never more than maxPerWorker",
        "an update that stops first leaves no more gaps than it may",
        "nothing is counted against a program that it did not do",
        "what needs its volume stays with it",
        "an exclusive volume is open once on a worker",
        "reservations are never exceeded",
        "a fixed host port is given once",
        "a live instance is never forgotten",
        "a slot that has completed is not begun again in its run",
        "what has done its work has completed",
        "no slot is tried more often than attempts says",
        "only a run that goes on begins anything",
        "never more of a run at a time than its parallelism",
        "no more ended instances are remembered than are kept",
        "no moment of a schedule begins two runs",
        "a run ends",
        "a refused change changes nothing",
        "a record survives the store",
        "an old report never moves a phase back",
        "the same report twice changes nothing",
    ];

    [Theory]
    [MemberData(nameof(Sentences))]
    public void Holds_in_every_world(string sentence)
    {
        Assert.True(worlds.Broken(sentence) is null, $"{sentence}: {worlds.Broken(sentence)}");
        Assert.True(worlds.Seen >= Worlds.Count, $"only {worlds.Seen} worlds were seen");
    }

    [Fact]
    public void Every_property_that_is_checked_has_its_test() =>
        Assert.Equal([], worlds.BrokenProperties.Except(Sentences.Select(s => s.Data)));
}
