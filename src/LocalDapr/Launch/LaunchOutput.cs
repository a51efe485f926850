namespace LocalDapr.Launch;

/// <summary>Where a run tells what happens: its own events and what the apps write.</summary>
internal interface ILaunchOutput
{
    /// <summary>Something happened to an app: "control-plane-1: healthy".</summary>
    void Event(string app, string text);

    /// <summary>The same of what should not have happened: with what the app wrote before, should nobody have seen that.</summary>
    void Trouble(string app, string text);

    /// <summary>A line an app wrote.</summary>
    void Line(string app, string line);
}
