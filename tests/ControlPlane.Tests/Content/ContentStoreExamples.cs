using System.Text;
using Microsoft.Extensions.Time.Testing;
using Orchestrator.Contracts.Content;
using Orchestrator.Contracts.Services;
using Orchestrator.ControlPlane.Content;
using Orchestrator.ControlPlane.Tests.Fakes;

namespace Orchestrator.ControlPlane.Tests.Content;

public sealed class ContentStoreExamples
{
    private readonly MemoryContents memory = new(new FakeTimeProvider());

    private ContentStore Store => memory.Store;

    [Fact]
    public async Task A_secret_is_stored_closed_and_read_again()
    {
        await memory.Put(ContentKind.Secret, "db", "hunter2");
        Assert.Equal("hunter2", Encoding.UTF8.GetString(await Store.Read(ContentKind.Secret, "db", 1)));
        Assert.DoesNotContain(memory.Values.Values, it =>
            it.Contains("hunter2", StringComparison.Ordinal) || it == Convert.ToBase64String("hunter2"u8));
    }

    [Fact]
    public async Task The_same_value_makes_no_version_and_the_same_reference_makes_one()
    {
        await memory.Put(ContentKind.Secret, "db", "one");
        Assert.Equal((1, null), await Set("db", "one"));
        Assert.Equal((2, null), await Set("db", "two"));
        Assert.Equal(2, memory.Values.Count);
        memory.Elsewhere["vault/db"] = "elsewhere";
        for (var version = 1; version <= 2; version++)
            Assert.Equal((version, null), await Store.SetElsewhere("far", new("vault", "db"), "a person", _ => new HashSet<int>()));
        Assert.Equal("elsewhere", Encoding.UTF8.GetString(await Store.ReadNewest(ContentKind.Secret, "far")));
    }

    [Fact]
    public async Task What_somebody_else_keeps_is_looked_for_when_it_is_named_and_missed_when_it_is_gone()
    {
        Assert.Equal("secret store vault does not tell 'db'", await Store.Problem(new("vault", "db")));
        memory.Elsewhere["vault/db"] = "elsewhere";
        Assert.Null(await Store.Problem(new("vault", "db")));
        await Store.SetElsewhere("far", new("vault", "db"), "a person", _ => new HashSet<int>());
        memory.Elsewhere.Clear();
        var gone = await Store.Deliver(
            new() { Image = "web:1", Secrets = [new("far")] }, new() { Secrets = [new("far", 1)] });
        Assert.Equal("secret far, version 1, cannot be read: secret store vault does not tell 'db'", gone.Problem);
    }

    [Fact]
    public async Task Ten_versions_are_kept_and_those_in_use()
    {
        for (var version = 1; version <= 13; version++) await Set("db", $"value {version}", used: 2);
        var kept = (await Store.Current()).Find(ContentKind.Secret, "db")!.Versions.Select(it => it.Number);
        Assert.Equal([2, .. Enumerable.Range(4, 10)], kept);
        Assert.Equal(11, memory.Values.Count);
        var gone = await Assert.ThrowsAsync<ContentMissingException>(() => Store.Read(ContentKind.Secret, "db", 3));
        Assert.Equal("version 3 of secret db is not kept any more", gone.Message);
    }

    [Fact]
    public async Task A_name_that_is_used_again_goes_on_counting()
    {
        await memory.Put(ContentKind.Config, "site", "one");
        Assert.True(await Store.Delete(ContentKind.Config, "site"));
        Assert.Empty(memory.Values);
        Assert.False(await Store.Delete(ContentKind.Config, "site"));
        Assert.Null((await Store.Current()).Find(ContentKind.Config, "site"));
        await memory.Put(ContentKind.Config, "site", "two");
        Assert.Equal(2, (await Store.Current()).Find(ContentKind.Config, "site")!.Last);
    }

    [Fact]
    public async Task A_login_takes_its_password_from_the_newest_version_of_a_secret()
    {
        Assert.Equal(
            "passwordSecret: there is no secret token",
            await Store.SetRegistry("r.test", new() { Username = "u", PasswordSecret = "token" }, "a person"));
        await memory.Put(ContentKind.Secret, "token", "one\n");
        await Store.SetRegistry("r.test", new() { Username = "u", PasswordSecret = "token" }, "a person");
        Assert.Equal("one", (await Store.Credentials("r.test/web:1")).Credentials!.Password);
        await memory.Put(ContentKind.Secret, "token", "two");
        Assert.Equal("two", (await Store.Credentials("r.test/web:1")).Credentials!.Password);
        Assert.Null((await Store.Credentials("web:1")).Credentials);
        Assert.True(await Store.DeleteRegistry("r.test"));
        Assert.Null((await Store.Credentials("r.test/web:1")).Credentials);
    }

    [Fact]
    public async Task What_cannot_be_delivered_is_said_without_a_value()
    {
        await memory.Put(ContentKind.Secret, "lines", "PASSWORD\nhunter2");
        var container = new ContainerSpec { Image = "web:1", EnvFrom = [new("lines")] };
        Assert.Equal("line 1 of secret lines is not NAME=value", (await Store.Deliver(container, Pinned("lines", 1))).Problem);
        Assert.Equal("version 7 of secret lines is not kept any more", (await Store.Deliver(container, Pinned("lines", 7))).Problem);
        memory.Values.Clear();
        Assert.Equal(
            "secret lines, version 1, cannot be read: its value is not in the state store",
            (await Store.Deliver(container, Pinned("lines", 1))).Problem);
        await Store.SetElsewhere("far", new("vault", "db"), "a person", _ => new HashSet<int>());
        Assert.Equal(
            "secret far, version 1, cannot be read: secret store vault does not tell 'db'",
            (await Store.Deliver(container with { EnvFrom = [new("far")] }, Pinned("far", 1))).Problem);
    }

    private Task<(int, string?)> Set(string name, string value, params int[] used) =>
        Store.Set(ContentKind.Secret, name, Encoding.UTF8.GetBytes(value), "a person", _ => used.ToHashSet());

    private static PinnedContent Pinned(string name, int version) => new() { Secrets = [new(name, version)] };
}
