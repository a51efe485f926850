namespace Orchestrator.ControlPlane.Description;

/// <summary>What a route takes and answers besides what its handler's parameters tell; the API's description is made of it.</summary>
/// <param name="Id">Unique; what a generated client calls it.</param>
internal sealed record DescribedRoute(string Id, string Summary)
{
    /// <summary>None where a body is refused.</summary>
    public TakenBody? Body { get; init; }

    public Answer[] Answers { get; init; } = [];

    /// <summary>Statuses of problems besides those that every route can have.</summary>
    public int[] Problems { get; init; } = [];

    /// <summary>Whether it heeds <c>If-Match</c> and <c>If-None-Match</c>.</summary>
    public bool IsConditional { get; init; }

    /// <summary>Whether it heeds <c>Last-Event-ID</c>.</summary>
    public bool IsResumed { get; init; }
}

/// <param name="Shape">A spec is taken as a merge patch, anything else as it is.</param>
/// <param name="IsNew">Whether it must hold all that a new thing needs.</param>
/// <param name="MayBeAbsent">Whether the request may come without.</param>
internal sealed record TakenBody(Type Shape, bool IsNew = false, bool MayBeAbsent = false);

/// <summary>A success.</summary>
/// <param name="Shape">None when the answer is empty.</param>
/// <param name="When">The parameters that lead to this answer in place of the usual one.</param>
internal sealed record Answer(int Status, Type? Shape, string Words, params string[] When)
{
    /// <summary>
    /// What it may come as. Of what comes line by line the shape is that of a line, of events that of their data, and of what is text for
    /// people there is none.
    /// </summary>
    public string[] Types { get; init; } = ["application/json"];

    /// <summary>Whether <c>ETag</c> comes with it.</summary>
    public bool HasTag { get; init; }

    /// <summary>Whether <c>Location</c> comes with it.</summary>
    public bool HasLocation { get; init; }
}

internal static class Routes
{
    public static RouteHandlerBuilder As(this RouteHandlerBuilder endpoint, DescribedRoute route) => endpoint.WithMetadata(route);

    public static DescribedRoute? RouteOf(this Endpoint? endpoint) => endpoint?.Metadata.GetMetadata<DescribedRoute>();
}
