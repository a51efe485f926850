using Dapr.Actors;
using Dapr.Actors.Client;
using FruitShop.Stock;

var builder = WebApplication.CreateBuilder(args);
builder.WebHost.UseUrls($"http://localhost:{Environment.GetEnvironmentVariable("APP_PORT") ?? "6102"}");
builder.Services.AddDaprClient();
builder.Services.AddActors(options => options.Actors.RegisterActor<StockActor>());

var app = builder.Build();
app.UseCloudEvents();
app.MapActorsHandlers();
app.MapSubscribeHandler();

app.MapPost("/orders", (Order order) => Actor(order.Fruit).Take(order.Quantity)).WithTopic("orderpubsub", "orders");
app.MapGet("/stock/{fruit}", (string fruit) => Actor(fruit).Count());

await app.RunAsync();

static IStockActor Actor(string fruit) => ActorProxy.Create<IStockActor>(new ActorId(fruit), nameof(StockActor));

internal sealed record Order(string Id, string Fruit, int Quantity);
