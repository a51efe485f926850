using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Orchestrator.Browser.Tests.Page;

public sealed class ClusterPageTests(Chromium chromium) : IClassFixture<Chromium>, IAsyncDisposable
{
    private readonly LivingCluster cluster = LivingCluster.Start();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public ValueTask DisposeAsync() => cluster.DisposeAsync();

    [Fact]
    public async Task Whoever_looks_sees_instances_come_and_workers_fall_silent_and_the_page_asks_no_other_host()
    {
        var watched = await chromium.Open(cluster.Url);
        var page = watched.Page;
        await Expect(page.GetByRole(AriaRole.Heading, new() { Name = "Cluster" })).ToBeVisibleAsync(Parts.Patiently);
        await Expect(page.Region("^worker-[abc], ready")).ToHaveCountAsync(3);

        await cluster.Client.Services.Create("web", new() { Container = new() { Image = "web:1" }, Instances = 3 }, cancel: Cancel);
        await Expect(page.Button("^web-[123]-r1-a1 on worker-[abc]: running$")).ToHaveCountAsync(3, new() { Timeout = Parts.Patience });
        await Expect(page.GetByRole(AriaRole.Complementary, new() { Name = "What happened last" })).ToContainTextAsync("is running on");

        await page.Button("^web-1-r1-a1").ClickAsync();
        await Expect(page.OpenDialog()).ToContainTextAsync("slot 1 of web");
        await page.OpenDialog().GetByRole(AriaRole.Button, new() { Name = "Close" }).ClickAsync();

        cluster.Silent.Add("worker-c");
        await Expect(page.Region("^worker-c, suspect")).ToBeVisibleAsync(Parts.Patiently);
        await Expect(page.Region("^worker-c, lost")).ToBeVisibleAsync(Parts.Patiently);
        await Expect(page.Button("^web-.*on worker-[ab]: running$")).ToHaveCountAsync(3, new() { Timeout = Parts.Patience });

        Assert.Equal([cluster.Url.Authority], watched.HostsAsked);
        Assert.Empty(watched.Complaints);
    }

    [Fact]
    public async Task When_more_workers_have_vanished_than_remain_it_says_why_none_is_declared_lost()
    {
        var page = (await chromium.Open(cluster.Url)).Page;
        await Expect(page.Region("^worker-[abc], ready")).ToHaveCountAsync(3, new() { Timeout = Parts.Patience });
        cluster.Silent.UnionWith(["worker-b", "worker-c"]);
        var brake = page.GetByRole(AriaRole.Alert).Filter(new() { HasText = "The brake is on" });
        await Expect(brake).ToBeVisibleAsync(Parts.Patiently);
        await brake.GetByRole(AriaRole.Button, new() { Name = "Overrule" }).ClickAsync();
        await Expect(page.OpenDialog()).ToContainTextAsync("Declares all silent workers lost");
        await page.DoIt();
        await Expect(page.Region("^worker-[bc], lost")).ToHaveCountAsync(2, new() { Timeout = Parts.Patience });
    }
}
