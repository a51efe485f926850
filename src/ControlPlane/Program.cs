using Orchestrator.ControlPlane;
using Orchestrator.ControlPlane.Api;

var builder = WebApplication.CreateBuilder(args);
var options = ControlPlaneOptions.From(builder.Configuration);

// What an operator would tell a colleague, not every request.
builder.Logging.AddFilter("Microsoft", LogLevel.Warning).AddFilter("System", LogLevel.Warning);
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
