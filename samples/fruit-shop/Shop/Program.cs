using Dapr.Client;

var builder = WebApplication.CreateBuilder(args);
builder.WebHost.UseUrls($"http://localhost:{Environment.GetEnvironmentVariable("APP_PORT") ?? "6101"}");
builder.Services.AddDaprClient();
builder.Services.AddHealthChecks();

var app = builder.Build();
app.MapHealthChecks("/healthz");

using var stock = DaprClient.CreateInvokeHttpClient("stock");

// Takes an order if there is enough in stock, remembers it and tells whoever wants to know.
app.MapPost("/orders", async (Order order, DaprClient dapr, CancellationToken cancel) =>
{
    var available = await stock.GetFromJsonAsync<int>($"/stock/{order.Fruit}", cancel);
    if (available < order.Quantity) return Results.Conflict($"only {available} {order.Fruit} in stock");

    await dapr.SaveStateAsync("statestore", order.Id, order, cancellationToken: cancel);
    await dapr.PublishEventAsync("orderpubsub", "orders", order, cancel);
    return Results.Accepted($"/orders/{order.Id}", order);
});

app.MapGet("/orders/{id}", async (string id, DaprClient dapr, CancellationToken cancel) =>
    await dapr.GetStateAsync<Order?>("statestore", id, cancellationToken: cancel) is { } order ? Results.Ok(order) : Results.NotFound());

await app.RunAsync();

internal sealed record Order(string Id, string Fruit, int Quantity);
