using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Google.Protobuf.WellKnownTypes;
using LocalDapr.Wire;

namespace LocalDapr.Workflows;

/// <summary>/v1.0/workflows/{component}/…; whatever the component is called, there is one runtime.</summary>
internal sealed class WorkflowHttp(StrictWorkflowApi workflows)
{
    public async Task StartAsync(HttpContext context, string name)
    {
        string input = Encoding.UTF8.GetString(await Bodies.ReadAsync(context.Request, context.RequestAborted));
        string id = await workflows.StartAsync(name, context.Request.Query["instanceID"], input, options: null, context.RequestAborted);
        await WriteAsync(context, 202, json => json.WriteString("instanceID", id));
    }

    public Task GetAsync(HttpContext context, string id)
    {
        var state = workflows.Get(id);
        return WriteAsync(context, 200, json =>
        {
            json.WriteString("instanceID", state.InstanceId);
            json.WriteString("workflowName", state.Name);
            json.WriteString("createdAt", Text(state.CreatedTimestamp));
            json.WriteString("lastUpdatedAt", Text(state.LastUpdatedTimestamp));
            json.WriteString("runtimeStatus", StrictWorkflowApi.Name(state.WorkflowStatus));
            json.WriteStartObject("properties");
            foreach (var (name, value) in StrictWorkflowApi.Properties(state)) json.WriteString(name, value);
            json.WriteEndObject();
        });
    }

    public async Task RaiseAsync(HttpContext context, string id, string name)
    {
        byte[] body = await Bodies.ReadAsync(context.Request, context.RequestAborted);
        await workflows.RaiseAsync(id, name, Encoding.UTF8.GetString(body));
        context.Response.StatusCode = 202;
    }

    public async Task ChangeAsync(HttpContext context, string id, string change)
    {
        await (change switch
        {
            "pause" => workflows.PauseAsync(id),
            "resume" => workflows.ResumeAsync(id),
            "terminate" => workflows.TerminateAsync(id),
            _ => workflows.PurgeAsync(id),
        });
        context.Response.StatusCode = 202;
    }

    private static string Text(Timestamp time) =>
        time.ToDateTime().ToString("yyyy-MM-dd'T'HH:mm:ss.fffffff'Z'", CultureInfo.InvariantCulture);

    private static Task WriteAsync(HttpContext context, int status, Action<Utf8JsonWriter> fill)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            fill(json);
            json.WriteEndObject();
        }

        return Bodies.WriteJsonAsync(context.Response, status, buffer.WrittenMemory);
    }
}
