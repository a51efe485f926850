using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Microsoft.Playwright;
using Orchestrator.Contracts.Services;
using static Microsoft.Playwright.Assertions;

namespace Orchestrator.Browser.Tests.Page;

/// <summary>The main ways through, each with the plan before the deed.</summary>
public sealed class ServicePageTests(Chromium chromium) : IClassFixture<Chromium>, IAsyncDisposable
{
    private static readonly LocatorAssertionsToContainTextOptions Patiently = new() { Timeout = Parts.Patience };

    private readonly LivingCluster cluster = LivingCluster.Start();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public ValueTask DisposeAsync() => cluster.DisposeAsync();

    [Fact]
    public async Task A_service_is_created_by_form_scaled_and_deleted_and_nothing_is_done_before_its_plan_was_seen()
    {
        var page = (await chromium.Open(new Uri(cluster.Url, "/ui/services"))).Page;
        await page.GetByRole(AriaRole.Link, new() { Name = "Create…" }).ClickAsync();
        await page.GetByLabel("Name").FillAsync("web");
        await page.GetByLabel("Image").FillAsync("web:1");
        await page.GetByLabel("Instances").FillAsync("2");
        await page.GetByLabel("Ports").FillAsync("80 8443");
        await page.Button("^Show the plan$").ClickAsync();
        await Expect(page.OpenDialog()).ToContainTextAsync("web-2-r1-a1", Patiently);
        Assert.Null(await cluster.Client.Services.Find("web", Cancel));
        await page.GetByLabel("Why (for the history)").FillAsync("to see it run");
        await page.DoIt();

        await Expect(page).ToHaveURLAsync(new Regex("/ui/services/web$"), new() { Timeout = Parts.Patience });
        await Expect(page.Region("^Instances$")).ToContainTextAsync("web-2-r1-a1", Patiently);
        await page.Button("^Scale…$").ClickAsync();
        await page.OpenDialog().GetByLabel("Instances").FillAsync("3");
        await page.Button("^Show the plan$").ClickAsync();
        await Expect(page.OpenDialog()).ToContainTextAsync("web-3-r1-a1", Patiently);
        await page.DoIt();
        await Expect(page.Region("^Instances$")).ToContainTextAsync("web-3-r1-a1", Patiently);
        await page.Tab("History").ClickAsync();
        await Expect(page.GetByRole(AriaRole.Main)).ToContainTextAsync("to see it run", Patiently);

        await page.Button("^Delete…$").ClickAsync();
        await page.DoIt();
        await Expect(page.GetByRole(AriaRole.Main)).ToContainTextAsync("There is no service 'web' any more", Patiently);
    }

    [Fact]
    public async Task What_is_wrong_in_a_form_is_told_by_field_before_anything_is_done()
    {
        var page = (await chromium.Open(new Uri(cluster.Url, "/ui/create"))).Page;
        await page.GetByLabel("Name").FillAsync("web");
        await page.GetByLabel("Image").FillAsync("web:1");
        await page.GetByLabel("Ports").FillAsync("99999");
        await page.Button("^Show the plan$").ClickAsync();
        await Expect(page.OpenDialog().GetByRole(AriaRole.Alert)).ToContainTextAsync("ports[0].container", Patiently);
        await Expect(page.OpenDialog().GetByRole(AriaRole.Button, new() { Name = "Do it" })).ToBeDisabledAsync();
    }

    [Fact]
    public async Task A_rollout_is_watched_to_its_end_and_a_bad_one_until_it_is_undone()
    {
        await Create("web", "web:1", monitor: "2s");
        var watched = await chromium.Open(new Uri(cluster.Url, "/ui/services/web"));
        var page = watched.Page;
        await Expect(page.Region("^Instances$")).ToContainTextAsync("web-3-r1-a1", Patiently);
        await Update(page, "web:2");
        await Expect(page.Region("^Rollout$")).ToContainTextAsync("monitoring until", Patiently);
        await Expect(page.Locator(".rollout-slot.watched")).ToBeVisibleAsync(Parts.Patiently);
        await Expect(page.GetByRole(AriaRole.Main)).ToContainTextAsync("3/3 updated to revision 2", Patiently);
        await Expect(page.Region("^Rollout$")).ToHaveCountAsync(0, new() { Timeout = Parts.Patience });
        await Expect(page.Region("^Instances$")).ToContainTextAsync("web-3-r2-a1", Patiently);

        await Update(page, "bad:3");
        await Expect(page.GetByRole(AriaRole.Main)).ToContainTextAsync("was rolled back to 2", Patiently);
        // Which instance ran when, and why it ended.
        await Expect(page.Region("^Slots over time$")).ToContainTextAsync(new Regex("web-1-r3-a1 .*exit code 1"), Patiently);
        await page.Tab("Revisions").ClickAsync();
        await page.Button("^1 field$").First.ClickAsync();
        await Expect(page.GetByRole(AriaRole.Table, new() { NameRegex = new Regex("^What revision") })).ToContainTextAsync("bad:3");
        Assert.Empty(watched.Complaints);
    }

    [Fact]
    public async Task Lines_are_followed_and_filtered_figures_are_drawn_and_each_place_has_its_reason()
    {
        await Create("web", "web:1");
        var page = (await chromium.Open(new Uri(cluster.Url, "/ui/services/web/logs"))).Page;
        var log = page.GetByRole(AriaRole.Log);
        await Expect(log.GetByText("listening at port 80")).ToHaveCountAsync(3, new() { Timeout = Parts.Patience });
        await cluster.Client.Services.Scale("web", 4, cancel: Cancel);
        await Expect(log).ToContainTextAsync("web-4-r1-a1", Patiently);
        await page.GetByPlaceholder("filter lines").FillAsync("nothing like it");
        await Expect(log.GetByText("listening at port 80")).ToHaveCountAsync(0);
        await page.GetByPlaceholder("filter lines").FillAsync("LISTENING");
        await page.GetByLabel("Instance").SelectOptionAsync("web-2-r1-a1");
        await Expect(log.GetByText("listening at port 80")).ToHaveCountAsync(1, new() { Timeout = Parts.Patience });

        await page.Tab("Stats").ClickAsync();
        var memory = new Regex("^Memory: [0-9.]+ MiB of 256 MiB$");
        await Expect(page.Region("^web-1-r1-a1$").GetByRole(AriaRole.Img, new() { NameRegex = memory })).ToBeVisibleAsync(Parts.Patiently);
        await page.Tab("Why there").ClickAsync();
        await Expect(page.Region("^Candidates for slot 1$")).ToContainTextAsync("worker-b", Patiently);
        await Expect(page.Region("^Slot 1$")).ToContainTextAsync("least loaded", Patiently);
    }

    [Fact]
    public async Task Who_was_overtaken_is_told_by_whom_and_nothing_is_done()
    {
        await Create("web", "web:1");
        var page = (await chromium.Open(new Uri(cluster.Url, "/ui/services/web"))).Page;
        await page.Button("^Restart…$").ClickAsync();
        await Expect(page.OpenDialog()).ToContainTextAsync("web-1-r2-a1", Patiently);
        await cluster.Client.Services.Scale("web", 5, new() { Why = "more" }, Cancel);
        await page.DoIt();
        await Expect(page.OpenDialog().GetByRole(AriaRole.Alert)).ToBeVisibleAsync(Parts.Patiently);
        Assert.Equal(1, (await cluster.Client.Services.Get("web", Cancel)).Revision);
    }

    private static async Task Update(IPage page, string image)
    {
        await page.Button("^Update image…$").ClickAsync();
        await page.OpenDialog().GetByRole(AriaRole.Textbox, new() { Name = "Image" }).FillAsync(image);
        await page.Button("^Show the plan$").ClickAsync();
        await page.DoIt();
    }

    private async Task Create(string name, string image, string monitor = "1s")
    {
        var spec = new ServiceSpec { Container = new() { Image = image, Ports = [new(80)] }, Instances = 3 };
        await cluster.Client.Services.Create(name, spec, cancel: Cancel);
        await cluster.Client.Services.Update(name, new() { ["update"] = new JsonObject { ["monitor"] = monitor } }, cancel: Cancel);
    }
}
