using System.Buffers;
using System.Text.Json;
using LocalDapr.Wire;

namespace LocalDapr.Actors;

/// <summary>/v1.0/actors/{type}/{id}/reminders and /timers.</summary>
internal sealed class RemindersApi(ActorTable actors, Reminders reminders, Timers timers, TimeProvider clock)
{
    public async Task RegisterAsync(HttpContext context, ReminderKey key)
    {
        await RegisterAsync(key, ReminderRequest.Read(await Bodies.ReadJsonAsync(context.Request, context.RequestAborted)));
        context.Response.StatusCode = 204;
    }

    public async Task RegisterAsync(ReminderKey key, ReminderRequest request)
    {
        CheckHosted(key);
        var (schedule, refusal) = ReminderSchedule.Start(request, clock.GetUtcNow(), isTimer: false);
        if (schedule is null) throw new ApiException(500, "ERR_ACTOR_REMINDER_CREATE", $"error creating actor reminder: {refusal}");
        await reminders.RegisterAsync(key, request, schedule);
    }

    public async Task UnregisterAsync(HttpContext context, ReminderKey key)
    {
        await UnregisterAsync(key);
        context.Response.StatusCode = 204;
    }

    public async Task UnregisterAsync(ReminderKey key)
    {
        CheckHosted(key);
        await reminders.UnregisterAsync(key);
    }

    public async Task GetAsync(HttpContext context, ReminderKey key)
    {
        CheckHosted(key);
        var found = reminders.Find(key)
            ?? throw new ApiException(404, "ERR_ACTOR_REMINDER_NOT_FOUND", $"actor reminder not found: {key.Name}");
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteString("actorID", key.Actor.Id);
            json.WriteString("actorType", key.Actor.Type);
            if (found.Request.Data is { } data)
            {
                json.WritePropertyName("data");
                json.WriteRawValue(data, skipInputValidation: true);
            }

            if (found.Request.DueTime.Length > 0) json.WriteString("dueTime", found.Request.DueTime);
            if (found.Schedule.Every is { } every) json.WriteString("period", $"@every {Scheduling.Period.Go(every)}");
            if (found.Request.Ttl.Length > 0) json.WriteString("ttl", found.Request.Ttl);
            json.WriteEndObject();
        }

        await Bodies.WriteJsonAsync(context.Response, 200, buffer.WrittenMemory);
    }

    public async Task RegisterTimerAsync(HttpContext context, ReminderKey key)
    {
        RegisterTimer(key, ReminderRequest.Read(await Bodies.ReadJsonAsync(context.Request, context.RequestAborted)));
        context.Response.StatusCode = 204;
    }

    public void RegisterTimer(ReminderKey key, ReminderRequest request)
    {
        Check("timer", key);
        var (schedule, refusal) = ReminderSchedule.Start(request, clock.GetUtcNow(), isTimer: true);
        if (schedule is null) throw new ApiException(500, "ERR_ACTOR_TIMER_CREATE", $"error creating actor timer: {refusal}");
        timers.Register(key, request, schedule);
    }

    public Task UnregisterTimerAsync(HttpContext context, ReminderKey key)
    {
        UnregisterTimer(key);
        context.Response.StatusCode = 204;
        return Task.CompletedTask;
    }

    public void UnregisterTimer(ReminderKey key)
    {
        Check("timer", key);
        timers.Unregister(key);
    }

    private void CheckHosted(ReminderKey key)
    {
        Check("reminder", key);
        if (actors.Types.ContainsKey(key.Actor.Type)) return;
        throw new ApiException(
            403, "ERR_ACTOR_REMINDER_NON_HOSTED", "operations on actor reminders are only possible on hosted actor types");
    }

    private static void Check(string what, ReminderKey key)
    {
        ActorNames.CheckNotReserved(key.Actor);
        ActorNames.Check($"{what} name", key.Name);
    }
}
