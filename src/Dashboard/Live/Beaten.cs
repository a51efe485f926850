using Microsoft.AspNetCore.Components;
using Orchestrator.Client.Problems;
using Orchestrator.Dashboard.Visits;

namespace Orchestrator.Dashboard.Live;

/// <summary>A part of a live page that reads something of its own at each beat of the page.</summary>
public abstract class Beaten : ComponentBase
{
    private int read = -1;
    private bool isReading;

    [Inject]
    public required Visit Visit { get; set; }

    [Parameter, EditorRequired]
    public required string Service { get; set; }

    /// <summary>Another one each time there may be something new.</summary>
    [Parameter, EditorRequired]
    public int Beat { get; set; }

    protected string? Trouble { get; private set; }

    protected abstract Task Read();

    protected override async Task OnParametersSetAsync()
    {
        if (read == Beat || isReading) return;
        (read, isReading) = (Beat, true);
        try
        {
            await Read();
            Trouble = null;
        }
        catch (Exception e) when (e is ProblemException or NoMasterException)
        {
            Trouble = e.Message;
        }

        isReading = false;
    }
}
