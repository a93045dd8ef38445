"""Checks of a running LMX with the official OpenAI client; each fails with an assertion. Usage: <base URL> <check>."""

import json
import math
import sys

import openai

MODEL = "stories260k"
MESSAGES = [{"role": "user", "content": "Once upon a time"}]
SCHEMA = {
    "type": "object",
    "properties": {"city": {"type": "string", "enum": ["Ghent", "Oslo"]}, "days": {"type": "integer", "minimum": 1, "maximum": 9}},
    "required": ["city", "days"],
    "additionalProperties": False,
}
TOOL = {"type": "function", "function": {"name": "weather", "parameters": SCHEMA, "strict": True}}
FORCED = {"tools": [TOOL], "tool_choice": "required", "parallel_tool_calls": False}

client = openai.OpenAI(base_url=sys.argv[1], api_key="none is needed", max_retries=0)


def is_weather(text):
    value = json.loads(text)
    return set(value) == {"city", "days"} and value["city"] in ("Ghent", "Oslo") and value["days"] in range(1, 10)


def chat():
    assert MODEL in [model.id for model in client.models.list()]
    answer = client.chat.completions.create(model=MODEL, messages=MESSAGES, max_tokens=20)
    assert answer.choices[0].message.content and answer.usage.completion_tokens == 20


def stream():
    greedy = {"model": MODEL, "messages": MESSAGES, "max_tokens": 40, "temperature": 0}
    whole = client.chat.completions.create(**greedy).choices[0].message.content
    chunks = list(client.chat.completions.create(**greedy, stream=True, stream_options={"include_usage": True}))
    assert "".join(chunk.choices[0].delta.content or "" for chunk in chunks if chunk.choices) == whole
    assert chunks[-1].usage.completion_tokens == 40


def tool():
    asked = client.chat.completions.create(model=MODEL, messages=MESSAGES, **FORCED)
    message = asked.choices[0].message
    assert asked.choices[0].finish_reason == "tool_calls"
    assert is_weather(message.tool_calls[0].function.arguments)
    result = {"role": "tool", "tool_call_id": message.tool_calls[0].id, "content": "sunny"}
    answer = client.chat.completions.create(model=MODEL, messages=[*MESSAGES, message, result], max_tokens=20)
    assert answer.choices[0].message.content


def stream_tool():
    with client.chat.completions.stream(model=MODEL, messages=MESSAGES, **FORCED) as events:
        calls = events.get_final_completion().choices[0].message.tool_calls
    assert is_weather(calls[0].function.arguments)


def schema():
    form = {"type": "json_schema", "json_schema": {"name": "weather", "schema": SCHEMA, "strict": True}}
    answer = client.chat.completions.create(model=MODEL, messages=MESSAGES, response_format=form)
    assert is_weather(answer.choices[0].message.content)


def completions():
    answer = client.completions.create(model=MODEL, prompt="Once upon", max_tokens=8, logprobs=2, temperature=0)
    assert answer.usage.completion_tokens == 8
    assert "".join(answer.choices[0].logprobs.tokens) == answer.choices[0].text
    assert all(len(top) >= 2 for top in answer.choices[0].logprobs.top_logprobs)


def embeddings():
    vectors = [each.embedding for each in client.embeddings.create(model=MODEL, input=["A dog", "A cat"]).data]
    plain = [each.embedding for each in client.embeddings.create(model=MODEL, input=["A dog", "A cat"], encoding_format="float").data]
    assert all(math.isclose(a, b, abs_tol=1e-5) for a, b in zip(vectors[1], plain[1], strict=True))


def responses():
    first = client.responses.create(model=MODEL, input="Once upon a time", max_output_tokens=20)
    assert first.status == "incomplete" and first.output_text
    with client.responses.stream(model=MODEL, input="And then?", previous_response_id=first.id, max_output_tokens=20) as stream:
        events = list(stream)
    assert [event.type for event in events[:2]] == ["response.created", "response.in_progress"]
    assert events[-1].type == "response.incomplete"
    assert "".join(event.delta for event in events if event.type == "response.output_text.delta") == events[-1].response.output_text
    assert client.responses.retrieve(first.id).id == first.id
    client.responses.delete(first.id)


def errors():
    for expected, change in [
        (openai.NotFoundError, {"model": "other"}),
        (openai.BadRequestError, {"temperature": -1}),
        (openai.BadRequestError, {"messages": [{"role": "user", "content": "long " * 600}]}),
    ]:
        try:
            client.chat.completions.create(**{"model": MODEL, "messages": MESSAGES, **change})
        except expected as error:
            assert error.code and error.message
        else:
            raise AssertionError(f"no {expected.__name__}")


def abort():
    events = client.chat.completions.create(model=MODEL, messages=MESSAGES, max_tokens=400, stream=True)
    next(iter(events))
    events.close()


globals()[sys.argv[2]]()
