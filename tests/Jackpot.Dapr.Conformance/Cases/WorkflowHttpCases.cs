using System.Text.Json;
using Jackpot.Dapr.Conformance.Running;

namespace Jackpot.Dapr.Conformance.Cases;

[Group("B.8 workflow management")]
static class WorkflowHttpCases
{
    public static async Task Start_is_202_with_the_id(Bench b)
    {
        var id = b.NewName("wf");
        Expect.Equal(id, (await b.Post($"{Base}/Echo/start?instanceID={id}", "\"x\"")).Is(202).Json.GetProperty("instanceID").GetString(), "instanceID");
    }

    public static async Task Id_is_made_up_when_none_is_given(Bench b) =>
        Expect.True((await b.Post($"{Base}/Echo/start", "\"x\"")).Is(202).Json.GetProperty("instanceID").GetString()!.Length > 0, "no id");

    public static async Task Get_tells_name_status_and_times(Bench b)
    {
        var id = await Started(b, "Echo", "\"x\"");
        var state = await WithStatus(b, id, "COMPLETED");
        Expect.Equal(id, state.GetProperty("instanceID").GetString(), "instanceID");
        Expect.Equal("Echo", state.GetProperty("workflowName").GetString(), "workflowName");
        Expect.True(state.GetProperty("createdAt").GetDateTimeOffset() <= state.GetProperty("lastUpdatedAt").GetDateTimeOffset(), "updated before it was created");
    }

    public static async Task Output_is_among_the_properties(Bench b)
    {
        var id = await Started(b, "Chain", "\"abc\"");
        Expect.Contains("ABC", (await WithStatus(b, id, "COMPLETED")).GetProperty("properties").GetRawText(), "properties");
    }

    public static async Task Failed_workflow_is_FAILED(Bench b) => await WithStatus(b, await Started(b, "Fail", "\"why\""), "FAILED");

    public static async Task Unknown_id_is_404(Bench b) => (await b.Get($"{Base}/{b.NewName("wf")}")).IsError(404, "ERR_INSTANCE_ID_NOT_FOUND");

    public static async Task Event_is_raised_with_202(Bench b)
    {
        var id = await Started(b, "Event", "\"\"");
        (await b.Post($"{Base}/{id}/raiseEvent/go", "\"payload\"")).Is(202);
        Expect.Contains("payload", (await WithStatus(b, id, "COMPLETED")).GetProperty("properties").GetRawText(), "properties");
    }

    public static async Task Pause_and_resume_are_202(Bench b)
    {
        var id = await Started(b, "Event", "\"\"");
        await WithStatus(b, id, "RUNNING");
        (await b.Post($"{Base}/{id}/pause")).Is(202);
        await WithStatus(b, id, "SUSPENDED");
        (await b.Post($"{Base}/{id}/resume")).Is(202);
        await WithStatus(b, id, "RUNNING");
        (await b.Post($"{Base}/{id}/terminate")).Is(202);
    }

    public static async Task Terminate_is_202(Bench b)
    {
        var id = await Started(b, "Event", "\"\"");
        await WithStatus(b, id, "RUNNING");
        (await b.Post($"{Base}/{id}/terminate")).Is(202);
        await WithStatus(b, id, "TERMINATED");
    }

    public static async Task Purge_is_202_and_the_instance_is_gone(Bench b)
    {
        var id = await Started(b, "Echo", "\"x\"");
        await WithStatus(b, id, "COMPLETED");
        (await b.Post($"{Base}/{id}/purge")).Is(202);
        (await b.Get($"{Base}/{id}")).Is(404);
    }

    public static async Task Id_with_other_characters_is_400(Bench b) => (await b.Post($"{Base}/Echo/start?instanceID=a.b%20c", "\"x\"")).Is(400);

    public static async Task Id_longer_than_64_is_400(Bench b) => (await b.Post($"{Base}/Echo/start?instanceID={new string('a', 65)}", "\"x\"")).Is(400);

    public static async Task Beta1_is_the_same_endpoint(Bench b)
    {
        var id = b.NewName("wf");
        (await b.Post($"/v1.0-beta1/workflows/dapr/Echo/start?instanceID={id}", "\"x\"")).Is(202);
        await WithStatus(b, id, "COMPLETED");
    }

    const string Base = "/v1.0/workflows/dapr";

    static async Task<string> Started(Bench b, string name, string input)
    {
        var id = b.NewName("wf");
        (await b.Post($"{Base}/{name}/start?instanceID={id}", input)).Is(202);
        return id;
    }

    static async Task<JsonElement> WithStatus(Bench b, string id, string status)
    {
        var state = default(JsonElement);
        await Expect.Eventually(async () =>
        {
            state = (await b.Get($"{Base}/{id}")).Is(200).Json;
            return state.GetProperty("runtimeStatus").GetString() == status;
        }, $"workflow {id} does not become {status}");
        return state;
    }
}
