using Orchestrator.ControlPlane;
using Orchestrator.ControlPlane.Api;
using Orchestrator.ControlPlane.Settings;
using Orchestrator.ServiceDefaults.Logging;

var builder = WebApplication.CreateBuilder(args);
var options = ControlPlaneOptions.From(builder.Configuration);

builder.Logging.AddOneLineConsole();
builder.WebHost.ConfigureKestrel(kestrel => kestrel.ListenOn(options.Listen, options.Port));
builder.Services.AddControlPlane(options);

var app = builder.Build();

app.UseExceptionHandler();
app.UseStatusCodePages();

app.MapActorsHandlers();
app.MapMembers();
app.MapWorkers();
app.MapServices();
app.MapServiceActions();
app.MapOpenApi();

app.Run();
