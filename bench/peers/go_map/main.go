// SPDX-License-Identifier: Apache-2.0

// The answers of the old route in a map behind net/http, as a program would hold them that does nothing else. Arguments: ADDRESS
// FILE; each line of FILE is a path, a tab and the body.
package main

import (
	"bufio"
	"log"
	"net/http"
	"os"
	"strings"
)

func main() {
	file, err := os.Open(os.Args[2])
	if err != nil {
		log.Fatal(err)
	}
	answers := map[string][]byte{}
	lines := bufio.NewScanner(file)
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		path, body, _ := strings.Cut(lines.Text(), "\t")
		answers[path] = []byte(body)
	}
	if err := lines.Err(); err != nil {
		log.Fatal(err)
	}
	log.Fatal(http.ListenAndServe(os.Args[1], http.HandlerFunc(func(answer http.ResponseWriter, request *http.Request) {
		body, found := answers[request.URL.Path]
		if !found {
			http.NotFound(answer, request)
			return
		}
		answer.Header().Set("Content-Type", "application/json")
		answer.Write(body)
	})))
}
