using Orchestrator.Contracts.Content;
using Orchestrator.Contracts.Instances;
using Orchestrator.Contracts.Services;
using Orchestrator.Contracts.Values;
using Orchestrator.ControlPlane.Tests.Fakes;
using Orchestrator.ControlPlane.Tests.Services;

namespace Orchestrator.ControlPlane.Tests.Content;

/// <summary>A revision is bound to bytes: the orders of the service <c>web</c> say which.</summary>
public sealed class PinningExamples
{
    private const string Old = "sha256:1111111111111111111111111111111111111111111111111111111111111111";
    private const string New = "sha256:2222222222222222222222222222222222222222222222222222222222222222";

    private readonly ServiceStage stage = new("a", "b");

    private ServiceView View => answer!.Service!;

    private ServiceAnswer? answer;

    [Fact]
    public async Task What_workers_found_before_is_what_every_instance_runs_and_a_rollback_brings_it_back()
    {
        await Ask(Wish.Create("""{"image":"web:1","instances":2}"""), Digest("web:1", Old));
        Assert.All(Ordered(), image => Assert.Equal($"web@{Old}", image));
        Assert.Equal(Old, View.Content.Digest);

        await Ask(Wish.Update("""{"env":{"A":"1"}}"""));
        Assert.Equal((2, Old), (View.Revision, View.Content.Digest));
        await Ask(new RestartInstances(Pull: true), Digest("web:1", New));
        Assert.Equal((3, New), (View.Revision, View.Content.Digest));
        await Ask(new RollBack(1));
        Assert.Equal((1, Old), (View.Revision, View.Content.Digest));
    }

    [Fact]
    public async Task A_tag_that_has_not_moved_restarts_nothing_and_the_answer_says_so()
    {
        await Ask(Wish.Create(), Digest("web:1", Old));
        await Ask(new RestartInstances(Pull: true), Digest("web:1", Old));
        Assert.Equal(1, View.Revision);
        Assert.Equal(["web:1 has not moved and still is sha256:111111111111; nothing was restarted"], View.Notes);
    }

    [Fact]
    public async Task What_cannot_be_asked_is_no_reason_to_restart()
    {
        await Ask(Wish.Create(), Digest("web:1", Old));
        await Ask(new RestartInstances(Pull: true), new("web:1", null, ValueMap.Empty, "the registry says: denied"));
        Assert.Equal(ServiceOutcome.Conflict, answer!.Outcome);
        Assert.Equal(
            "whether web:1 has moved cannot be told: the registry says: denied; nothing was restarted", answer.Problems.Single().Reason);
    }

    [Fact]
    public async Task A_plain_restart_runs_the_same_bytes()
    {
        await Ask(Wish.Create(), Digest("web:1", Old));
        await Ask(new RestartInstances());
        Assert.Equal((2, Old), (View.Revision, View.Content.Digest));
    }

    [Fact]
    public async Task When_nobody_could_tell_before_the_first_worker_that_runs_it_does()
    {
        await Ask(Wish.Create("""{"image":"web:1","instances":2}"""));
        Assert.All(Ordered(), Assert.Null);
        await stage.ReportImage("a", "web-1-r1-a1", new(Old, "sha256:a"));
        Assert.Equal(Old, stage.Store.Stored!.Revisions[0].Content.Digest);
        Assert.Equal($"web@{Old}", Ordered().Single());

        await stage.ReportImage("b", "web-2-r1-a1", new(New, "sha256:b"));
        Assert.StartsWith(
            "web-2-r1-a1 on b runs sha256:222222222222 and not sha256:111111111111: it began before", (await Get()).Notes.Single(),
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_image_that_was_built_on_the_workers_is_bound_on_each_and_a_difference_is_said()
    {
        await Ask(Wish.Create("""{"image":"web:1","instances":2}"""), new("web:1", null, ValueMap.Of(("a", "sha256:built-on-a"))));
        Assert.Equal(["sha256:built-on-a", null], Ordered());
        await stage.ReportImage("b", "web-2-r1-a1", new(null, "sha256:built-on-b"));
        Assert.Equal(
            ["web:1 has no digest that a registry knows, and is not the same everywhere: sha256:built-on-a on a; sha256:built-on-b on b"],
            (await Get()).Notes);
        // What is told twice, or by who has none of it, changes nothing.
        var saves = stage.Store.Saves;
        await stage.ReportImage("b", "web-2-r1-a1", new(null, "sha256:built-on-b"));
        await stage.ReportImage("a", "web-2-r1-a1", new(null, "sha256:other"));
        Assert.Equal(saves, stage.Store.Saves);
    }

    [Fact]
    public async Task A_rebuilt_image_is_a_new_revision_where_it_was_asked_for()
    {
        await Ask(Wish.Create(), new("web:1", null, ValueMap.Of(("a", "sha256:one"), ("b", "sha256:one"))));
        await Ask(new RestartInstances(Pull: true), new("web:1", null, ValueMap.Of(("a", "sha256:two"))));
        Assert.Equal((2, ValueMap.Of(("a", "sha256:two"))), (View.Revision, View.Content.ImageIds));
    }

    [Fact]
    public async Task A_new_version_of_a_secret_rolls_a_service_once_and_a_person_who_goes_back_stays_there()
    {
        await stage.Contents.Put(ContentKind.Secret, "db", "one");
        await Ask(Wish.Create("""{"image":"web:1","secrets":["db"]}"""));
        Assert.Equal([new PinnedVersion("db", 1)], View.Content.Secrets);
        await Ask(new TakeNewContent());
        Assert.Equal(1, View.Revision);

        await stage.Contents.Put(ContentKind.Secret, "db", "two");
        await Ask(new TakeNewContent());
        Assert.Equal((2, 2), (View.Revision, View.Content.Secrets.Single().Version));
        await Ask(new RollBack(1));
        Assert.Equal(1, View.Content.Secrets.Single().Version);
        await Ask(new TakeNewContent());
        Assert.Equal(1, View.Revision);
    }

    [Fact]
    public async Task A_paused_update_is_not_replaced_by_a_new_version_which_comes_when_it_has_gone_on()
    {
        await stage.Contents.Put(ContentKind.Secret, "db", "one");
        await Ask(Wish.Create("""{"image":"web:1","secrets":["db"]}"""));
        await Ask(Wish.Update("""{"env":{"A":"1"}}"""));
        await Ask(new PauseRollout());
        await stage.Contents.Put(ContentKind.Secret, "db", "two");
        var saves = stage.Store.Saves;
        await Ask(new TakeNewContent());
        Assert.Equal((2, saves), (View.Revision, stage.Store.Saves));
        await Ask(new ResumeRollout());
        await Ask(new TakeNewContent());
        Assert.Equal((3, 2), (View.Revision, View.Content.Secrets.Single().Version));
    }

    [Fact]
    public async Task A_service_that_rotates_by_hand_stays_with_its_version_until_it_is_restarted_with_pull()
    {
        await stage.Contents.Put(ContentKind.Config, "site", "one");
        await Ask(Wish.Create("""{"image":"web:1","configs":[{"source":"site","rotate":"manual"}]}"""), Digest("web:1", Old));
        await stage.Contents.Put(ContentKind.Config, "site", "two");
        await Ask(new TakeNewContent());
        Assert.Equal(1, View.Revision);
        await Ask(Wish.Update("""{"env":{"A":"1"}}"""));
        Assert.Equal((2, 1), (View.Revision, View.Content.Configs.Single().Version));
        await Ask(new RestartInstances(Pull: true), Digest("web:1", Old));
        Assert.Equal((3, 2), (View.Revision, View.Content.Configs.Single().Version));
    }

    [Fact]
    public async Task A_secret_that_is_not_there_is_named_and_so_is_a_revision_that_can_run_no_more()
    {
        await Ask(Wish.Create("""{"image":"web:1","secrets":["db"],"envFrom":[{"source":"app","kind":"config"}]}"""));
        Assert.Equal(
            [
                new FieldProblem("secrets[0].source", "there is no secret db; PUT /secrets/db makes it"),
                new FieldProblem("envFrom[0].source", "there is no config app; PUT /configs/app makes it"),
            ], answer!.Problems);

        await stage.Contents.Put(ContentKind.Secret, "db", "one");
        await Ask(Wish.Create("""{"image":"web:1","secrets":["db"]}"""));
        await Ask(Wish.Update("""{"secrets":[]}"""));
        await stage.Contents.Store.Delete(ContentKind.Secret, "db");
        await Ask(new RollBack());
        Assert.Equal("revision 1 cannot run: version 1 of secret db is not kept any more", answer!.Problems.Single().Reason);
    }

    [Fact]
    public async Task Only_the_worker_that_is_to_run_an_instance_is_given_its_secrets()
    {
        await stage.Contents.Put(ContentKind.Secret, "db", "the value");
        await stage.Contents.Put(ContentKind.Config, "app", "A=1\r\n# a comment\n\nB=x=y\n");
        await Ask(Wish.Create(
            """
            {"image":"web:1","secrets":[{"source":"db","target":"password","mode":"0400","uid":10}],
            "envFrom":[{"source":"app","kind":"config"},{"source":"db","name":"PASSWORD"}]}
            """));
        Assert.Equal("web-1-r1-a1 is not to run on b", (await stage.Keeper.Contents(new("b", "web-1-r1-a1"))).Problem);
        Assert.Equal("web-1-r1-a2 is not to run on a", (await stage.Keeper.Contents(new("a", "web-1-r1-a2"))).Problem);

        var given = (await stage.Keeper.Contents(new("a", "web-1-r1-a1"))).Contents!;
        var file = given.Files.Single();
        Assert.Equal(("/run/secrets/password", 256, 10, 0), (file.Path, file.Mode, file.Uid, file.Gid));
        Assert.Equal("the value"u8.ToArray(), file.Bytes);
        Assert.Equal(ValueMap.Of(("A", "1"), ("B", "x=y"), ("PASSWORD", "the value")), given.Env);
        Assert.DoesNotContain("the value", $"{given} {file}", StringComparison.Ordinal);

        await stage.Ask(new WithdrawService());
        Assert.NotNull((await stage.Keeper.Contents(new("a", "web-1-r1-a1"))).Problem);
    }

    [Fact]
    public async Task Only_for_an_image_of_the_service_a_worker_is_told_how_to_log_in()
    {
        await stage.Contents.Store.SetRegistry("r.test:5000", new() { Username = "u", Password = "p" }, "a person");
        await Ask(Wish.Create("""{"image":"r.test:5000/web:1"}"""));
        Assert.Equal("p", (await stage.Keeper.Credentials(new("a", $"r.test:5000/web@{Old}"))).Credentials?.Password);
        Assert.Equal(
            "service web runs no image of r.test:5000/other",
            (await stage.Keeper.Credentials(new("a", "r.test:5000/other:1"))).Problem);
    }

    [Fact]
    public async Task A_tag_that_means_different_bytes_to_the_workers_is_said_as_long_as_the_revision_is_bound_to_one_of_them()
    {
        var differing = ValueMap.Of(("a", Old), ("b", New), ("c", Old));
        await Ask(Wish.Create(), Digest("web:1", Old) with { Differing = differing });
        Assert.Equal(
            ["web:1 was not the same everywhere when revision 1 was bound to sha256:111111111111: sha256:111111111111 on a, c; "
                + "sha256:222222222222 on b"], (await Get()).Notes);
        await Ask(Wish.Update("""{"env":{"A":"1"}}"""));
        Assert.StartsWith("web:1 was not the same everywhere when revision 2", (await Get()).Notes.Single(), StringComparison.Ordinal);
        await Ask(new RestartInstances(Pull: true), Digest("web:1", New));
        Assert.Empty((await Get()).Notes);
    }

    private async Task Ask(ServiceChange change, FoundImage? image = null) => answer = await stage.Ask(change, image: image);

    private async Task<ServiceView> Get() => (await stage.Keeper.Get()).Service!;

    /// <summary>The images of the orders to run that are due.</summary>
    private IEnumerable<string?> Ordered() => stage.Keeper.Plan!.Steps.Select(it => it.ToOrder("web", 1)).OfType<RunInstance>()
        .OrderBy(it => it.Instance, StringComparer.Ordinal).Select(it => it.Image);

    private static FoundImage Digest(string image, string digest) => new(image, digest, ValueMap.Empty);
}
