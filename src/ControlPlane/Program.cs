using System.ComponentModel.DataAnnotations;
using Orchestrator.ControlPlane;
using Orchestrator.ControlPlane.Api;
using Orchestrator.ControlPlane.Door;
using Orchestrator.ControlPlane.Settings;
using Orchestrator.ServiceDefaults;

var builder = WebApplication.CreateBuilder(args);

WebApplication app;
try
{
    var options = ControlPlaneOptions.From(builder.Configuration);
    builder.AddServiceDefaults("control-plane", options.MemberName);
    builder.WebHost.ConfigureKestrel(kestrel => kestrel.ListenOn(options.Listen, options.Port));
    builder.Services.AddControlPlane(options);
    app = builder.Build();
}
catch (ValidationException e)
{
    await Console.Error.WriteLineAsync(e.Message);
    return 2;
}

app.UseExceptionHandler();
app.UseStatusCodePages();
app.UseBrowserProof();
app.UseExactRequests();

app.MapServiceDefaults();
app.MapActorsHandlers().For(Entrance.Dapr);

var api = app.MapGroup("").For(Entrance.Public);
api.MapMembers();
api.MapWorkers();
api.MapServices();
api.MapServiceActions();
api.MapOpenApi().AlsoHead();

await app.RunAsync();
return 0;
