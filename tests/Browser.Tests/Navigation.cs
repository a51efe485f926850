using Microsoft.Playwright;

namespace Orchestrator.Browser.Tests;

internal static class Navigation
{
    /// <summary>
    /// Chromium gives up what it is loading when a network of the machine comes or goes, as those of containers do beside these tests.
    /// </summary>
    public static async Task<IResponse?> GoTo(this IPage page, Uri address)
    {
        for (var tries = 1; ; tries++)
        {
            try
            {
                return await page.GotoAsync(address.ToString());
            }
            catch (PlaywrightException e) when (tries < 5 && e.Message.Contains("ERR_NETWORK_CHANGED", StringComparison.Ordinal))
            {
            }
        }
    }
}
