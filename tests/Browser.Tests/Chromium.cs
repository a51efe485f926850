using Microsoft.Playwright;
using Orchestrator.Testing;

namespace Orchestrator.Browser.Tests;

/// <summary>
/// The system's own chromium, without a window; all that it keeps is in a folder that goes with it. The whole program draws its own tabs
/// and menus also where nobody sees them, which takes half of its time: what is made for having no window is preferred.
/// </summary>
public sealed class Chromium : IAsyncLifetime
{
    private static readonly string? Program = OnPath.Find("chromium-headless-shell") ?? OnPath.Find("chromium");

    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("browser-");
    private IPlaywright? playwright;
    private IBrowserContext? context;

    public async ValueTask InitializeAsync()
    {
        if (Program is null) return;
        playwright = await Playwright.CreateAsync();
        context = await playwright.Chromium.LaunchPersistentContextAsync(folder.FullName, new()
        {
            ExecutablePath = Program,
            // Root has no other way, and it opens nothing but pages of this repository.
            Args = ["--no-sandbox", "--disable-dev-shm-usage"],
        });
    }

    /// <summary>Opens a page and writes down what goes on behind it; without a chromium the test is skipped.</summary>
    public async Task<WatchedPage> Open(Uri address)
    {
        Assert.SkipWhen(context is null, "chromium is not on the PATH: on Debian 'apt-get install chromium-headless-shell'");
        var page = new WatchedPage(await context!.NewPageAsync());
        await page.Page.GoTo(address);
        return page;
    }

    public async ValueTask DisposeAsync()
    {
        if (context is not null) await context.CloseAsync();
        playwright?.Dispose();
        Folders.Remove(folder.FullName);
    }
}
