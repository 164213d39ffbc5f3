package plugin

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
)

// maxAnswer is the greatest answer that is read, in bytes: an answer of the exporter's most points is a third of it.
const maxAnswer = 32 << 20

// exporter is asked for answers over HTTP.
type exporter struct {
	client *http.Client
	url    string
	key    string
}

// failure says for a person what went wrong on the way to the exporter, and what to do.
type failure struct {
	// Status as of HTTP; 0 where there was no answer.
	Status  int
	Message string
}

func (f *failure) Error() string { return f.Message }

// send asks the exporter, with a body as JSON unless it is nil, and returns what it answers.
func (e *exporter) send(ctx context.Context, method, path string, body any) ([]byte, error) {
	var content io.Reader
	if body != nil {
		text, err := json.Marshal(body)
		if err != nil {
			return nil, fmt.Errorf("a request could not be written: %w", err)
		}
		content = bytes.NewReader(text)
	}
	request, err := http.NewRequestWithContext(ctx, method, e.url+path, content)
	if err != nil {
		return nil, fmt.Errorf("a request could not be made: %w", err)
	}
	if body != nil {
		request.Header.Set("Content-Type", "application/json")
	}
	if e.key != "" {
		request.Header.Set("Authorization", "Bearer "+e.key)
	}
	answer, err := e.client.Do(request)
	if err != nil {
		return nil, unanswered(err)
	}
	defer func() { _ = answer.Body.Close() }()
	text, err := io.ReadAll(io.LimitReader(answer.Body, maxAnswer+1))
	if err != nil {
		return nil, unanswered(err)
	}
	if len(text) > maxAnswer {
		return nil, &failure{answer.StatusCode, "The answer is larger than 32 MiB. Ask for a shorter range or a longer interval."}
	}
	if answer.StatusCode < 200 || answer.StatusCode > 299 {
		return nil, refused(answer.StatusCode, text)
	}
	return text, nil
}

// unanswered leaves out the address: the error of the client has it, and with it whatever a proxy's address may hold.
func unanswered(err error) error {
	var network net.Error
	switch {
	case errors.Is(err, context.Canceled):
		return err
	case errors.Is(err, context.DeadlineExceeded), errors.Is(err, os.ErrDeadlineExceeded),
		errors.As(err, &network) && network.Timeout():
		return &failure{0, "The exporter did not answer in time. Check its load and its logs, or ask for a shorter range."}
	default:
		return &failure{0, "The exporter can't be reached. Check that it runs and that Grafana's server reaches the URL in the " +
			"data source's settings. With https, check the TLS settings too."}
	}
}

// refused tells the exporter's own words (RFC 9457) where it has some.
func refused(status int, text []byte) error {
	switch status {
	case http.StatusUnauthorized:
		return &failure{status, "The API key was refused. Enter a key with the right to read in the data source's settings."}
	case http.StatusForbidden:
		return &failure{status, "The API key is not allowed to read. Enter a key with the right to read in the data source's settings."}
	}
	var problem struct {
		Title  string `json:"title"`
		Detail string `json:"detail"`
	}
	if json.Unmarshal(text, &problem) == nil && problem.Title != "" {
		if status == http.StatusNotFound {
			return &failure{status, "The exporter is older than this data source: it does not answer Grafana's server. Update it."}
		}
		if problem.Detail == "" {
			return &failure{status, problem.Title}
		}
		return &failure{status, problem.Title + ": " + problem.Detail}
	}
	return &failure{status, fmt.Sprintf(
		"The address answers with status %d, and not as an exporter does. Check that the URL is that of a Storepulse exporter.", status)}
}
