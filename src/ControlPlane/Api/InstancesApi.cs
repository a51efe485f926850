using System.Buffers;
using System.ComponentModel.DataAnnotations;
using Microsoft.AspNetCore.Http.HttpResults;
using Orchestrator.Contracts;
using Orchestrator.Contracts.Instances;
using Orchestrator.Contracts.Looking;
using Orchestrator.Contracts.Services;
using Orchestrator.ControlPlane.Description;
using Orchestrator.ControlPlane.Looking;
using Orchestrator.ControlPlane.Services;
using Orchestrator.ServiceDefaults.Streams;
using static Microsoft.AspNetCore.Http.StatusCodes;

namespace Orchestrator.ControlPlane.Api;

/// <summary>Looking at single instances, and at what they use.</summary>
internal static class InstancesApi
{
    private const string Tag = "Looking inside";
    private const string Events = EventStream<InstanceStats>.Type;
    private const string Json = "application/json";

    public static IEndpointRouteBuilder MapInstances(this IEndpointRouteBuilder routes)
    {
        var instance = routes.MapGroup("/instances/{id}").WithTags(Tag);
        instance.MapGet("", Inspect).AlsoHead().As(new(
            "GetInstance", "One instance: what was asked for, what its worker and its engine say, and of a failed one its last lines")
        {
            Answers = [new(Status200OK, typeof(InstanceDetails), "The instance.")],
            Problems = [Status404NotFound, Status409Conflict],
        });
        instance.MapGet("/stats", OfInstance).AlsoHead().As(Described("GetInstanceStats", "What an instance uses", typeof(InstanceStats)));
        instance.MapGet("/top", Top).AlsoHead().As(new("GetInstanceProcesses", "The processes of an instance")
        {
            Answers = [new(Status200OK, typeof(ProcessTable), "The processes.")],
            Problems = [Status404NotFound, Status409Conflict],
        });
        routes.MapGet("/services/{name}/stats", OfService).AlsoHead().WithTags(Tag).As(Described(
            "GetServiceStats", "What the running instances of a service use", typeof(ServiceStats)));
        return routes;
    }

    private static DescribedRoute Described(string id, string summary, Type once) => new(id, summary)
    {
        Answers =
        [
            new(Status200OK, once, "Once."),
            new(Status200OK, typeof(InstanceStats), "Sample by sample, for as long as they come.", "follow", "every")
            {
                Types = [JsonLines.Type, Events],
            },
        ],
        Problems = [Status404NotFound, Status406NotAcceptable, Status409Conflict],
    };

    private static async Task<IResult> Inspect(string id, InstanceLooks looks, CancellationToken cancel) =>
        !InstanceName.TryParse(id, out var name) ? InstanceCalls.BadName()
        : await looks.Inspect(name, cancel) is { } details ? TypedResults.Ok(details) : InstanceCalls.Unknown(id);

    private static async Task<IResult> Top(string id, Whereabouts whereabouts, InstanceLooks looks, CancellationToken cancel)
    {
        if (!InstanceName.TryParse(id, out var name)) return InstanceCalls.BadName();
        if (await whereabouts.OfInstance(name, cancel) is not { } worker) return InstanceCalls.Unknown(id);
        try
        {
            return TypedResults.Ok(await looks.Processes(worker, name, cancel));
        }
        catch (WorkerRefusedException e)
        {
            return Problems.Of(Status409Conflict, e.Message);
        }
    }

    private static async Task<IResult> OfService(
        string name, HttpRequest request, InstanceLooks looks, CancellationToken cancel, bool follow = false,
        [Range(1, 60)] int every = 2)
    {
        if (ServiceNames.Problem(name) is { } problem) return ServiceCalls.BadName(problem);
        if (Form(request, follow) is not { } form) return NoForm();
        if (form != Json && !HttpMethods.IsHead(request.Method))
        {
            // That there is no such service is said before anything is told.
            return await looks.Exists(name, cancel) ? Stream(looks, Question(name, null, every), form) : ServiceCalls.Unknown(name);
        }

        return await looks.Stats(name, cancel) is { } stats ? TypedResults.Ok(stats) : ServiceCalls.Unknown(name);
    }

    private static async Task<IResult> OfInstance(
        string id, HttpRequest request, Whereabouts whereabouts, InstanceLooks looks, CancellationToken cancel, bool follow = false,
        [Range(1, 60)] int every = 2)
    {
        if (!InstanceName.TryParse(id, out var name)) return InstanceCalls.BadName();
        if (Form(request, follow) is not { } form) return NoForm();
        if (await whereabouts.OfInstance(name, cancel) is not { } worker) return InstanceCalls.Unknown(id);
        if (form != Json && !HttpMethods.IsHead(request.Method)) return Stream(looks, Question(name.Service, id, every), form);
        return await looks.Stats(worker, name, cancel) is { } stats ? TypedResults.Ok(stats)
            : Problems.Of(Status409Conflict, $"{id} does not run");
    }

    private static StatsQuestion Question(string service, string? instance, int every) =>
        new() { Service = service, Instance = instance, Follow = true, Every = TimeSpan.FromSeconds(every) };

    /// <summary>Who accepts a stream gets one, and who asks for one gets it as lines unless it accepts events only.</summary>
    private static string? Form(HttpRequest request, bool follow) => follow ? Accepted.FirstOf(request, JsonLines.Type, Events)
        : Accepted.FirstOf(request, Json, JsonLines.Type, Events);

    private static ProblemHttpResult NoForm() => Problems.Of(
        Status406NotAcceptable, $"it is told as {Json}, and again and again as {JsonLines.Type} or {Events}; Accept allows none that fits");

    private static SampleStream Stream(InstanceLooks looks, StatsQuestion question, string form) => new(looks, question, form);

    private sealed class SampleStream(InstanceLooks looks, StatsQuestion question, string form) : IResult
    {
        public Task ExecuteAsync(HttpContext httpContext) => JsonLines.Stream(
            httpContext, form, looks.Live(question, httpContext.RequestAborted), Write, httpContext.RequestAborted);

        private void Write(InstanceStats stats, IBufferWriter<byte> to)
        {
            if (form == Events) to.Write("event: stats\ndata: "u8);
            JsonLines.Value(stats, to, ContractsJson.Options);
            to.Write(form == Events ? "\n\n"u8 : "\n"u8);
        }
    }
}
