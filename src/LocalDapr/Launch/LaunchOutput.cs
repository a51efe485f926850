namespace LocalDapr.Launch;

/// <summary>Where a run tells what happens: its own events and what the apps write.</summary>
internal interface ILaunchOutput
{
    /// <summary>Something happened to an app: "control-plane-1: healthy".</summary>
    void Event(string app, string text);

    /// <summary>A line an app wrote.</summary>
    void Line(string app, string line);
}
