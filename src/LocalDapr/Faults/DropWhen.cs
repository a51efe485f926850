namespace LocalDapr.Faults;

/// <summary>At which end a call is lost. Either way the caller sees a broken connection.</summary>
public enum DropWhen
{
    /// <summary>The app never hears of it.</summary>
    BeforeTheApp,

    /// <summary>The app did it, the answer is lost.</summary>
    AfterTheApp,
}
