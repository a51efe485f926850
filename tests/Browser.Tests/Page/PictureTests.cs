using System.Runtime.CompilerServices;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Microsoft.Playwright;
using Orchestrator.Contracts.Services;
using static Microsoft.Playwright.Assertions;

namespace Orchestrator.Browser.Tests.Page;

/// <summary>The pictures in docs/images: each is drawn, and with ORCHESTRATOR_RENEW=1 put there.</summary>
public sealed class PictureTests(Chromium chromium) : IClassFixture<Chromium>, IAsyncDisposable
{
    private static readonly bool Renew = Environment.GetEnvironmentVariable("ORCHESTRATOR_RENEW") == "1";

    private static readonly (string Tab, string WaitsFor)[] Tabs =
        [("logs", ".line"), ("stats", ".plot"), ("why", "tr.chosen"), ("revisions", ".chip"), ("history", ".event")];

    private readonly LivingCluster cluster = LivingCluster.Start();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public ValueTask DisposeAsync() => cluster.DisposeAsync();

    [Fact]
    public async Task The_pictures_of_the_documentation_show_the_page_as_it_is()
    {
        await Create("shop", "shop:2.4", 6);
        await Create("cart", "cart:1.1", 4);
        await Create("mailer", "mailer:3", 2);
        await Create("broken", "bad:1", 1);
        var page = (await chromium.Open(cluster.Url)).Page;
        await page.SetViewportSizeAsync(1360, 800);
        await Expect(page.Locator(".tile.tone-serving")).ToHaveCountAsync(12, new() { Timeout = Parts.Patience });
        await cluster.Client.Services.Update(
            "shop", new() { ["image"] = "shop:2.5", ["update"] = new JsonObject { ["monitor"] = "4s" } }, cancel: Cancel);
        await Expect(page.Button("^shop-1-r2-a1")).ToBeVisibleAsync(Parts.Patiently);
        await Shoot(page, "cluster");

        await page.Open(cluster, "/ui/services/shop");
        await Expect(page.Region("^Rollout$")).ToBeVisibleAsync(Parts.Patiently);
        await Expect(page.Locator(".rollout-slot.good").First).ToBeVisibleAsync(Parts.Patiently);
        await Shoot(page, "rollout");
        foreach (var (tab, waitsFor) in Tabs)
        {
            await page.Open(cluster, $"/ui/services/shop/{tab}");
            await Expect(page.Locator(waitsFor).First).ToBeVisibleAsync(Parts.Patiently);
            if (tab == "stats")
            {
                await Expect(page.Locator(".spark .line").First)
                    .ToHaveAttributeAsync("d", new Regex("(L.*){5}"), new() { Timeout = Parts.Patience });
            }

            await Shoot(page, tab);
        }

        await page.Open(cluster, "/ui/services");
        await Expect(page.GetByRole(AriaRole.Link, new() { Name = "shop" })).ToBeVisibleAsync(Parts.Patiently);
        await Shoot(page, "services");
        await page.Button("^Dark colours$").ClickAsync();
        await Expect(page.Locator("html[data-dark=true]")).ToHaveCountAsync(1);
        await page.Open(cluster, "/");
        await Expect(page.Locator(".tile").First).ToBeVisibleAsync(Parts.Patiently);
        await Expect(page.Locator(".lately .event").First).ToBeVisibleAsync(Parts.Patiently);
        await Shoot(page, "cluster-dark");
        await page.SetViewportSizeAsync(390, 844);
        await page.Open(cluster, "/ui/services/shop");
        await Expect(page.Region("^Slots over time$")).ToBeVisibleAsync(Parts.Patiently);
        await Shoot(page, "phone");
    }

    private async Task Create(string name, string image, int instances) => await cluster.Client.Services.Create(
        name, new ServiceSpec { Container = new() { Image = image, Ports = [new(80)] }, Instances = instances }, cancel: Cancel);

    private static async Task Shoot(IPage page, string name)
    {
        var picture = await page.ScreenshotAsync();
        Assert.NotEmpty(picture);
        if (Renew) await File.WriteAllBytesAsync(Path.Combine(Folder(), $"{name}.png"), picture, Cancel);
    }

    private static string Folder([CallerFilePath] string file = "") => Directory.CreateDirectory(
        Path.GetFullPath(Path.Combine(Path.GetDirectoryName(file)!, "..", "..", "..", "docs", "images"))).FullName;
}
