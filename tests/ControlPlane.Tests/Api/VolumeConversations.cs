using Orchestrator.Contracts.Values;
using Orchestrator.Contracts.Workers;
using Orchestrator.ControlPlane.Tests.Fakes;

namespace Orchestrator.ControlPlane.Tests.Api;

public sealed class VolumeConversations : IAsyncDisposable
{
    private readonly ControlPlaneOverHttp api = new();

    public ValueTask DisposeAsync() => api.DisposeAsync();

    [Fact]
    public async Task Volumes_are_listed_with_whose_they_are_and_whom_nobody_could_ask()
    {
        await HeldByShop();
        await api.Renew("b");
        var answer = await api.Ask("GET /volumes");
        Assert.Equal(["data a true", "old a false"], answer.Each("volumes", "name", "worker", "inUse"));
        Assert.Equal("""[{"service":"shop","slots":[1]}]""", answer["volumes"][0]!["holders"]!.ToJsonString());
        Assert.StartsWith("b: b does not answer", $"{answer["unheard"][0]}", StringComparison.Ordinal);
        Assert.Equal(["data a", "old a"], (await api.Ask("GET /volumes?worker=a")).Each("volumes", "name", "worker"));
    }

    [Fact]
    public async Task One_that_nobody_has_is_removed_and_only_by_who_asks_for_it()
    {
        await HeldByShop();
        Assert.Equal(200, (await api.Ask("DELETE /volumes/old?worker=a&dryRun=true")).Status);
        Assert.Equal(2, api.Workers.VolumesOn["a"].Count);
        Assert.Equal(204, (await api.Ask("DELETE /volumes/old?worker=a")).Status);
        Assert.Equal("404 a has no volume 'old'", (await api.Ask("DELETE /volumes/old?worker=a")).Words);
    }

    [Fact]
    public async Task One_that_a_container_has_or_a_slot_would_take_again_stays()
    {
        await HeldByShop();
        Assert.Equal("409 volume 'data' of a stays: shop-1-r1-a1 has it", (await api.Ask("DELETE /volumes/data?worker=a")).Words);
        api.Workers.VolumesOn["a"] = [new("data", "local", null, null, [])];
        Assert.Equal(
            "409 volume 'data' of a stays: slot 1 of shop would take it again; POST /services/shop/release-volume lets go of it",
            (await api.Ask("DELETE /volumes/data?worker=a")).Words);
    }

    [Theory]
    [InlineData("DELETE /volumes/x", "400 worker: is required: the worker on which the volume is")]
    [InlineData("DELETE /volumes/x?worker=z", "404 no worker is named 'z'")]
    [InlineData("GET /volumes?worker=z", "404 no worker is named 'z'")]
    public async Task What_is_not_there_is_not_found(string request, string words)
    {
        await api.Renew("a");
        Assert.Equal(words, (await api.Ask(request)).Words);
    }

    private async Task HeldByShop()
    {
        await api.Renew("a");
        await api.Ask("POST /services/shop", """{"image":"web:1","volumes":["data:/data"]}""");
        await PassingTime.Until(() => api.Workers.Orders.Count, count => count > 0, "it is ordered");
        await api.CarryOut("shop");
        ValueList<WorkerVolume> there =
        [
            new("data", "local", null, ByteSize.Mi(3), ["shop-1-r1-a1"]), new("old", "local", null, null, []),
        ];
        api.Workers.VolumesOn["a"] = there;
    }
}
