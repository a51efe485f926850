using Microsoft.AspNetCore.Components;
using Orchestrator.Client;
using Orchestrator.Client.Problems;
using Orchestrator.Dashboard.Visits;

namespace Orchestrator.Dashboard.Live;

/// <summary>A page that goes on looking for as long as it is open; after trouble it begins anew.</summary>
public abstract class LivePage : ComponentBase, IDisposable
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(2);

    private CancellationTokenSource left = new();

    [Inject]
    public required Visit Visit { get; set; }

    [Inject]
    public required TimeProvider Clock { get; set; }

    protected OrchestratorClient Client => Visit.Client;

    /// <summary>Why what is shown may be old; none while all is well.</summary>
    protected string? Trouble { get; private set; }

    /// <summary>Whoever looks at it is gone.</summary>
    protected CancellationToken Left => left.Token;

    protected override void OnInitialized() => _ = Live(Left);

    /// <summary>Looks and shows until nobody looks any more; awaits come back to the page's own turn.</summary>
    protected abstract Task Watch(CancellationToken cancel);

    /// <summary>It is about something else now.</summary>
    protected void BeginAnew()
    {
        Leave();
        left = new();
        _ = Live(Left);
    }

    protected void Show()
    {
        Trouble = null;
        StateHasChanged();
    }

    public void Dispose()
    {
        Leave();
        GC.SuppressFinalize(this);
    }

    private void Leave() => left.Cancel();

    private async Task Live(CancellationToken cancel)
    {
        while (!cancel.IsCancellationRequested)
        {
            try
            {
                await Watch(cancel);
            }
            catch (Exception e) when (e is ProblemException or NoMasterException)
            {
                Trouble = e.Message;
            }
            catch (OperationCanceledException) when (cancel.IsCancellationRequested)
            {
                return;
            }
            catch (Exception e)
            {
                // A fault of the page itself: Blazor shows it as it shows all others.
                await DispatchExceptionAsync(e);
                return;
            }

            if (cancel.IsCancellationRequested) return;
            StateHasChanged();
            try
            {
                await Task.Delay(Pause, Clock, cancel);
            }
            catch (OperationCanceledException)
            {
                return;
            }
        }
    }
}
